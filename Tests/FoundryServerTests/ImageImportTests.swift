import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Importing an image", .serialized, .timeLimit(.minutes(2)))
struct ImageImportTests {
    @Test(
        "of an OCI archive, also packed, or of Docker's: it is pushed by its short name", arguments: ["oci", "docker"])
    func archives(kind: String) async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let file = "\(registry.directory)/image.tar"
                try await Command().run(
                    "skopeo",
                    ["copy", "--quiet", "oci:\(registry.directory)/layout:thing", "\(kind)-archive:\(file):x:1"])
                try await Command().run("gzip", ["--keep", file])
                let came = try await bench.take(file, name: "team/mine")
                #expect(came.image.name == "team/mine:latest" && came.image.source == "import")
                #expect(came.layers.count == 1 && came.image.ports == [7000] && came.image.volumes == ["/data"])
                let packed = kind == "oci" ? file + ".gz" : file
                #expect(try await bench.take(packed, name: "team/mine:2").layers.map(\.isNew) == [false])
                let guid = try await bench.push("applications: [{name: one, image: team/mine, disk: 100}]")
                #expect(!guid.isEmpty)
                _ = try await bench.take(file, name: "other:3")
                #expect(try await bench.platform.images.resolve("other").image.name == "other:3")
                #expect(try FileManager.default.contentsOfDirectory(atPath: bench.platform.paths.uploads) == [])
            }
        }
    }

    @Test("of Docker's format, by archive or by pull, keeps the health check that OCI's has no place for")
    func healthcheck() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let script = """
                    cd '\(registry.directory)'; mkdir docker; echo x >file; tar -cf docker/layer.tar file
                    printf '{"architecture":"%s","os":"linux","config":{"Cmd":["/x"],"Healthcheck":{"Test":["CMD","/check"],"Timeout":2000000000}},
                    "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \(OCIDocuments.architecture) "$(sha256sum docker/layer.tar | cut -d' ' -f1)" >docker/config.json
                    echo '[{"Config":"config.json","RepoTags":["x:1"],"Layers":["layer.tar"]}]' >docker/manifest.json
                    tar -C docker -cf docker.tar config.json layer.tar manifest.json
                    skopeo copy --quiet --dest-tls-verify=false docker-archive:docker.tar docker://\(registry.host)/team/checked:1
                    """
                try await Command().run("sh", ["-euc", script])
                let expected = ImageHealthCheck(command: ["/check"], timeoutMilliseconds: 2_000)
                let name = "\(registry.host)/team/checked:1"
                let pushed = try await bench.platform.images.resolve(name)
                #expect(pushed.image.configuration.health == expected, "straight from its registry")
                _ = try await bench.take("\(registry.directory)/docker.tar", name: "team/checked:2")
                _ = try await bench.pull(name)
                for name in ["team/checked:2", name] {
                    let image = try await bench.platform.images.resolve(name).image
                    #expect(image.configuration.health == expected, "\(name)")
                }
            }
        }
    }

    @Test("of what is no archive, or under a bundled image's name, changes nothing")
    func refused() async throws {
        try await Bench.run { bench in
            let file = "\(bench.directory)/text.tar"
            try String(repeating: "no archive\n", count: 1_000).write(toFile: file, atomically: true, encoding: .utf8)
            for (name, code) in [
                ("team/text", ErrorCode.imageUnsupported), ("redis:9", .imageInvalid), ("mysql/mysql", .imageInvalid),
                ("A B", .imageInvalid),
            ] {
                let upload = try await bench.upload(file)
                let error = try await bench.work("import", ImageImportBody(upload: upload, name: name)).error?.error
                #expect(error?.code == code && error?.hint != nil, "\(name): \(String(describing: error))")
            }
            #expect(try await bench.names() == [] && bench.blobs() == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.platform.paths.uploads) == [])
        }
    }

    @Test(
        "that leads out of itself, links, holds a device, or is larger than the machine is refused before it is unpacked",
        arguments: [
            "mkdir x; cd x; echo evil >../evil; tar -P -rf ../image.tar ../evil; cd ..",
            "echo evil >evil; tar -P --transform 's,^,/var/tmp/foundry-,' -rf image.tar evil",
            "ln -s /etc link; tar -rf image.tar link", "echo x >one; ln one two; tar -rf image.tar one two",
            "mknod disk b 8 0; tar -rf image.tar disk", "mkfifo pipe; tar -rf image.tar pipe",
            "truncate -s 900T big 2>/dev/null || truncate -s 15T big; tar --sparse -rf image.tar big",
        ])
    func hostile(script: String) async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let place = registry.directory
                try await Command().run(
                    "sh", ["-euc", "cd '\(place)'; tar -C layout -cf image.tar .; \(script)"], limit: .seconds(20))
                let upload = try await bench.upload("\(place)/image.tar")
                let line = try await bench.work("import", ImageImportBody(upload: upload, name: "team/evil"))
                let code = line.error?.error.code
                #expect(code == (script.contains("big") ? .diskFull : .imageUnsupported), "\(String(describing: line))")
                #expect(try await bench.names() == [] && bench.blobs() == [])
                #expect(!FileManager.default.fileExists(atPath: "/var/tmp/foundry-evil"))
                #expect(!FileManager.default.fileExists(atPath: "\(bench.directory)/images/incoming/evil"))
            }
        }
    }

    @Test("Sizes that no image has are refused, not added up")
    func sizes() throws {
        let line = "-rw-r--r-- 0/0 \(Int64.max) 1970-01-01 00:00 oci-layout\n"
        #expect(throws: FoundryError.self) { _ = try ArchiveListing(lines: line, name: "x") }
        #expect(throws: FoundryError.self) { _ = try ArchiveListing(lines: line + line, name: "x") }
        let digest = ImageFixture.digest(1)
        let layer =
            #"{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"\#(digest)","size":\#(Int64.max)}"#
        let manifest = try OCIDocuments.decode(
            OCIDocuments.Manifest.self, from: Data(#"{"layers":[\#(layer),\#(layer)]}"#.utf8))
        let image = try OCIDocuments.decode(
            OCIDocuments.Image.self,
            from: Data(
                #"{"config":{"Cmd":["/x"],"Labels":{"a":null}},"rootfs":{"diff_ids":["\#(digest)","\#(digest)"]}}"#.utf8
            ))
        let reference = try #require(ImageReference(parsing: "x"))
        #expect(throws: FoundryError.self) {
            _ = try ResolvedImage(
                reference: reference, name: "x", source: .registry, digest: digest, manifest: manifest, image: image)
        }
    }

    @Test("An upload takes its parts in order, each of them twice if need be, once as a whole, and few at a time")
    func uploads() async throws {
        try await Bench.run { bench in
            let first: UploadAnswer = try await bench.call(.post, "/foundry/v1/uploads").decoded()
            let part = { (offset: Int, guid: String) in
                try await bench.call(
                    .post, "/foundry/v1/uploads/\(guid)?offset=\(offset)", bytes: [1, 2, 3],
                    type: "application/octet-stream")
            }
            #expect(try await part(0, first.guid).decoded(UploadAnswer.self).size == 3)
            #expect(try await part(0, first.guid).decoded(UploadAnswer.self).size == 3)
            #expect(try await part(3, first.guid).decoded(UploadAnswer.self).size == 6)
            #expect(try await part(9, first.guid).error?.code == .conflict)
            #expect(try await part(0, "../../etc/passwd").status == 404)
            #expect(try await part(0, "none").error?.code == .notFound)
            #expect(try await bench.call(.post, "/foundry/v1/uploads/\(first.guid)").status == 400)
            for _ in 0..<3 { #expect(try await bench.call(.post, "/foundry/v1/uploads").status == 201) }
            #expect(try await bench.call(.post, "/foundry/v1/uploads").error?.code == .tooManyRequests)
            let body = String(decoding: try WireJSON.encode(ImageImportBody(upload: "none", name: "x")), as: UTF8.self)
            #expect(try await bench.call(.post, "/foundry/v1/images/import", body).error?.code == .notFound)
            #expect(try await bench.call(.post, "/foundry/v1/images/import", "{}").error?.code == .wrongType)
            #expect(try await bench.call(.post, "/foundry/v1/images/pull", "{").error?.code == .notJSON)
        }
    }
}

extension Bench {
    func take(_ file: String, name: String) async throws -> ImageArrival {
        let line = try await work("import", ImageImportBody(upload: try await upload(file), name: name))
        return try #require(line.arrival, "\(String(describing: line.error))")
    }

    func upload(_ file: String) async throws -> String {
        let upload: UploadAnswer = try await call(.post, "/foundry/v1/uploads").decoded()
        let bytes = try Data(contentsOf: URL(filePath: file))
        for offset in stride(from: 0, to: bytes.count, by: 64 << 10) {
            let part = [UInt8](bytes[offset..<min(offset + 64 << 10, bytes.count)])
            let reply = try await call(
                .post, "/foundry/v1/uploads/\(upload.guid)?offset=\(offset)", bytes: part,
                type: "application/octet-stream")
            #expect(reply.status == 200, "\(reply.text)")
        }
        return upload.guid
    }
}

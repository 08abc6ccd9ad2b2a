import Foundation
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryReleases

@Suite("The layer of a release, and its image")
struct ReleaseLayerTests {
    private static func base(in layout: ImageLayout) throws -> String {
        try FileManager.default.createDirectory(
            atPath: layout.path + "/blobs/sha256", withIntermediateDirectories: true)
        func add(_ text: String) throws -> String {
            let digest = "sha256:" + ReleaseSeal.sum(Array(text.utf8))
            try Data(text.utf8).write(to: URL(filePath: layout.blob(digest)))
            return digest
        }
        let layer = try add("a layer")
        let config = try add(
            """
            {"architecture":"amd64","os":"linux","config":{"Entrypoint":["/usr/bin/store"],"Cmd":["--serve"],"User":"redis",
            "Env":["PATH=/bin"],"Volumes":{"/old":{}},"ExposedPorts":{"1/tcp":{}}},"rootfs":{"type":"layers","diff_ids":["\(layer)"]}}
            """)
        return try add(
            """
            {"schemaVersion":2,"config":{"digest":"\(config)","size":1},"layers":[
            {"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"\(layer)","size":7}]}
            """)
    }

    /// As the archive's own program lists it.
    private static func listing(_ bytes: [UInt8], in bench: ReleaseBench) async throws -> [String] {
        try Data(bytes).write(to: URL(filePath: bench.root + "/layer.tar"))
        let text = try await Command().run(
            "tar", ["--list", "--verbose", "--numeric-owner", "--file", bench.root + "/layer.tar"])
        return text.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return "\(words[0]) \(words[1]) \(words[5])"
        }
    }

    @Test("It has verbs, templates and what runs first, and is the same each time")
    func layer() async throws {
        let bench = try ReleaseBench()
        try bench.write("verbs/init", "#!/bin/sh\n", mode: 0o700)
        try bench.write("templates/deep/hook", "#!/bin/sh\n", mode: 0o755)
        let layer = try ReleaseLayer(try bench.read().checked())
        #expect(
            try await Self.listing(layer.bytes, in: bench) == [
                "drwxr-xr-x 0/0 foundry/", "-rw-r--r-- 0/0 foundry/.wh..wh..opq", "-rwxr-xr-x 0/0 foundry/run",
                "drwxr-xr-x 0/0 foundry/templates/", "drwxr-xr-x 0/0 foundry/templates/deep/",
                "-rwxr-xr-x 0/0 foundry/templates/deep/hook", "-rw-r--r-- 0/0 foundry/templates/store.conf",
                "drwxr-xr-x 0/0 foundry/verbs/", "-rwxr-xr-x 0/0 foundry/verbs/alive",
                "-rwxr-xr-x 0/0 foundry/verbs/bind",
                "-rwxr-xr-x 0/0 foundry/verbs/init", "-rwxr-xr-x 0/0 foundry/verbs/start",
                "-rwxr-xr-x 0/0 foundry/verbs/unbind",
            ])
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: bench.directory + "/verbs/init")
        #expect(try ReleaseLayer(try bench.read().checked()).digest == layer.digest)
    }

    @Test("Its image has the layer on top, one volume, one port, and is the same each time")
    func image() async throws {
        let bench = try ReleaseBench()
        let (source, target) = (ImageLayout(bench.root + "/bundled"), ImageLayout(bench.root + "/images"))
        let base = try Self.base(in: source)
        let release = try bench.read().checked()
        let digest = try await ReleaseImageMaker(into: target).make(release, base: base, in: source)
        let entries = try target.entries()
        #expect(entries.map(\.name) == ["release/store:1.0.0"] && entries.map(\.digest) == [digest])
        func document<Value: Decodable>(_ type: Value.Type, _ digest: String) throws -> Value {
            try OCIDocuments.decode(type, from: Data(contentsOf: URL(filePath: target.blob(digest))))
        }
        let manifest = try document(OCIDocuments.Manifest.self, digest)
        let image = try document(OCIDocuments.Image.self, try #require(manifest.config).digest)
        #expect(manifest.layers?.count == 2 && image.rootfs.diffIDs.count == 2)
        #expect(manifest.layers?.last?.digest == image.rootfs.diffIDs.last)
        #expect(image.config?.entrypoint == ["/foundry/verbs/start"] && image.config?.command == nil)
        #expect(image.config?.volumes?.keys.sorted() == ["/data"] && image.config?.ports?.keys.sorted() == ["6379/tcp"])
        #expect(image.config?.user == "redis" && image.config?.environment == ["PATH=/bin"])
        #expect(try await ReleaseImageMaker(into: target).make(release, base: base, in: source) == digest)
        #expect(try target.entries().count == 1)
        try bench.write("verbs/init", "#!/bin/sh\n", mode: 0o755)
        let other = try await ReleaseImageMaker(into: target).make(try bench.read().checked(), base: base, in: source)
        #expect(other != digest)
        let run = try document(
            OCIDocuments.Image.self, try #require(try document(OCIDocuments.Manifest.self, other).config).digest)
        #expect(run.config?.entrypoint == ["/foundry/run"] && run.config?.command == ["/foundry/verbs/start"])
    }

    @Test("An image below that is not what its digest says is refused, and nothing is named")
    func damaged() async throws {
        let bench = try ReleaseBench()
        let layout = ImageLayout(bench.root + "/images")
        let base = try Self.base(in: layout)
        try Data("{}".utf8).write(to: URL(filePath: layout.blob(base)))
        let release = try bench.read().checked()
        await #expect(throws: FoundryError.self) {
            try await ReleaseImageMaker(into: layout).make(release, base: base, in: layout)
        }
        #expect(try layout.entries().isEmpty)
    }

    @Test("What runs first runs init until it ended with 0 once, and then the service")
    func run() async throws {
        let bench = try ReleaseBench()
        let script = ReleaseLayer.script.replacingOccurrences(of: "/foundry/verbs/init", with: bench.root + "/init")
        try bench.write("../run", script, mode: 0o755)
        try bench.write("../init", "#!/bin/sh\necho init\ntest -e \(bench.root)/well\n", mode: 0o755)
        try bench.write("../data/keep", "")
        func run() async throws -> String {
            try await Command().result(
                bench.root + "/run", ["echo", "start"], environment: ["FOUNDRY_DATA": bench.root + "/data"]
            ).standardOutput
        }
        #expect(try await run() == "init\n")
        try bench.write("../well", "")
        #expect(try await run() == "init\nstart\n")
        #expect(try await run() == "start\n")
    }
}

import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Pulling an image", .serialized, .timeLimit(.minutes(2)))
struct ImagePullTests {
    @Test(
        "by tag, by digest and through an index: it is listed by its name, its layers lie here once, and a push asks nobody"
    )
    func pulled() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let thing = try await bench.pull("\(registry.host)/team/thing:1")
                #expect(thing.image.name == "\(registry.host)/team/thing:1" && thing.image.digest == registry.digest)
                #expect(thing.image.source == "registry" && thing.layers.map(\.isNew) == [true])
                let more = try await bench.pull("\(registry.host)/team/more:1")
                #expect(more.layers.map(\.isNew) == [false, true], "gzip below, zstd above")
                let pinned = try await bench.pull("\(registry.host)/team/thing@\(registry.digest)")
                #expect(pinned.image.digest == registry.digest && pinned.layers.map(\.isNew) == [false])
                let chosen = try await bench.pull("\(registry.host)/team/thing:several")
                #expect(chosen.image.digest == registry.digest)
                #expect(
                    try await bench.names()
                        == [
                            "\(registry.host)/team/more:1", "\(registry.host)/team/thing:1",
                            "\(registry.host)/team/thing:several", "\(registry.host)/team/thing@\(registry.digest)",
                        ].sorted())
                // With the tag gone from the registry, the name still means what lies here.
                try FileManager.default.removeItem(atPath: "\(registry.directory)/registry")
                let found = try await bench.platform.images.resolve("\(registry.host)/team/thing:1")
                #expect(found.image.manifestDigest == registry.digest && found.image.source == .registry)
            }
        }
    }

    @Test("without the right name and password is refused as such; with them it comes, and they lie nowhere")
    func credentials() async throws {
        try await Registry.run(asksForPassword: true) { registry in
            try await Bench.run { bench in
                let name = "\(registry.host)/team/thing:1"
                for login in [nil, ("somebody", "wrong-guess"), ("nobody", Registry.password)] {
                    let error = try await bench.refusedPull(name, login)
                    #expect(error.code == .imageDenied && error.hint?.contains("--username") == true, "\(error)")
                    #expect(!"\(error)".contains("wrong-guess"))
                }
                #expect(try await bench.names() == [])
                let push = try await bench.call(
                    .post, "/v3/spaces/default/actions/apply_manifest",
                    "applications: [{name: one, image: \"\(name)\", disk: 1G}]")
                #expect(push.error?.code == .imageDenied)
                let came = try await bench.pull(name, (Registry.user, Registry.password))
                #expect(came.image.digest == registry.digest)
                try await bench.push("applications: [{name: one, image: \"\(name)\", disk: 100}]")
                let left = try FileManager.default.contentsOfDirectory(atPath: bench.platform.paths.run)
                #expect(!left.contains { $0.hasPrefix("login-") })
            }
        }
    }

    @Test("keeps its name, whatever a cell fetches under it for an older app")
    func kept() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let name = "\(registry.host)/team/thing:1"
                _ = try await bench.pull(name)
                let older = try await bench.platform.images.resolve("\(registry.host)/team/more:1").image
                let pinned = "\(registry.host)/team/more@\(older.manifestDigest)"
                _ = try await ImageCopy(into: ImageLayout("\(bench.directory)/images")).run(
                    .registry(pinned, allowsPlainHTTP: true), name: name, origin: .push, limit: .seconds(30))
                #expect(try await bench.names() == [pinned, name].sorted())
                #expect(try await bench.platform.images.resolve(name).image.manifestDigest == registry.digest)
            }
        }
    }

    @Test("that is not there, not for this machine, not a registry's, or whose registry is down, changes nothing")
    func missing() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                for (name, code) in [
                    ("\(registry.host)/team/thing:2", ErrorCode.imageUnknown),
                    ("\(registry.host)/team/nothing:1", .imageUnknown),
                    ("\(registry.host)/team/thing:foreign", .imageUnsupported),
                    ("127.0.0.1:1/team/thing:1", .imageUnreachable), ("redis", .imageInvalid), ("a b", .imageInvalid),
                ] {
                    let error = try await bench.refusedPull(name)
                    #expect(error.code == code && error.hint != nil, "\(name): \(error)")
                }
                #expect(try await bench.names() == [] && bench.blobs() == [])
            }
        }
    }

    @Test("whose bytes are not what the digest says is refused, and nothing of it is kept")
    func mismatch() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let layer = try await bench.layer(of: "\(registry.host)/team/thing:1")
                let file = try FileHandle(forUpdating: URL(filePath: registry.blob(layer)))
                try file.seek(toOffset: 5_000)
                try file.write(contentsOf: Data("not these bytes".utf8))
                try file.close()
                let error = try await bench.refusedPull("\(registry.host)/team/thing:1")
                #expect(error.code == .imageMismatch, "\(error)")
                #expect(try await bench.names() == [] && bench.blobs() == [])
            }
        }
    }

    @Test("that breaks off in the middle is told as such, and nothing of it is kept; the next time it comes")
    func cut() async throws {
        try await Registry.run { registry in
            try await Bench.run { bench in
                let layer = try await bench.layer(of: "\(registry.host)/team/thing:1")
                let proxy = try CuttingProxy(to: registry.port, cutting: layer)
                defer { proxy.stop() }
                let error = try await bench.refusedPull("127.0.0.1:\(proxy.port)/team/thing:1")
                #expect(error.code == .imageInterrupted, "\(error)")
                #expect(try await bench.names() == [] && bench.blobs() == [])
                #expect(try await bench.pull("\(registry.host)/team/thing:1").image.digest == registry.digest)
            }
        }
    }

    @Test(
        "into a full file system is told as such, and nothing of it is kept", .enabled(if: getuid() == 0, "needs root"))
    func full() async throws {
        try await Registry.run { registry in
            let place = "\(registry.directory)/small"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try await Command().run("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", place])
            let layout = ImageLayout("\(place)/images")
            do throws(FoundryError) {
                _ = try await ImageCopy(into: layout).run(
                    .registry("\(registry.host)/team/more:1", allowsPlainHTTP: true), name: "more", origin: .pull,
                    limit: .seconds(30))
                Issue.record("it came")
            } catch {
                #expect(error.code == .diskFull && error.hint?.contains("image rm") == true, "\(error)")
            }
            #expect(try layout.entries() == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(place)/images/blobs/sha256") == [])
            try await Command().run("umount", [place])
        }
    }
}

extension Bench {
    func pull(_ name: String, _ login: (String, String)? = nil) async throws -> ImageArrival {
        let line = try await work("pull", ImagePullBody(reference: name, username: login?.0, password: login?.1))
        return try #require(line.arrival, "\(String(describing: line.error))")
    }

    func refusedPull(_ name: String, _ login: (String, String)? = nil) async throws -> FoundryError {
        let line = try await work("pull", ImagePullBody(reference: name, username: login?.0, password: login?.1))
        return try #require(line.error).error
    }

    /// The last line of the answer.
    func work(_ verb: String, _ body: some Encodable) async throws -> ImageWorkLine {
        let json = String(decoding: try WireJSON.encode(body), as: UTF8.self)
        let reply = try await call(.post, "/foundry/v1/images/\(verb)", json)
        #expect(reply.status == 200, "\(reply.text)")
        let last = try #require(reply.body.split(separator: UInt8(ascii: "\n")).last)
        return try WireJSON.decode(ImageWorkLine.self, from: Data(last))
    }

    /// Of what is not bundled.
    func names() async throws -> [String] {
        let list: ListAnswer<ImageSummary> = try await get("/foundry/v1/images")
        return list.resources.filter { $0.source != "bundled" }.map(\.name).sorted()
    }

    /// Names of the blobs that lie here.
    func blobs() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/images/blobs/sha256")) ?? []
    }

    /// The digest of the lowest layer of an image.
    func layer(of name: String) async throws -> String {
        try #require(try await platform.images.resolve(name).image.layers.first?.digest)
    }
}

import Foundation
import FoundryEffects
import FoundryModel
import FoundryReleases
import Hummingbird
import HummingbirdTesting
import Testing

@testable import FoundryClient
@testable import FoundryCommandLine

@Suite("What comes from a web server")
struct ReleaseDownloadTests {
    /// A web server on this machine, over a directory.
    private static func serve(
        _ body: @escaping @Sendable (_ address: String, _ root: String) async throws -> Void
    ) async throws {
        let root = NSTemporaryDirectory() + "download-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root + "/shelf", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let router = Router()
        router.get("shelf/:name") { _, context -> ByteBuffer in
            let name = try context.parameters.require("name")
            guard let data = FileManager.default.contents(atPath: "\(root)/shelf/\(name)") else {
                throw HTTPError(.notFound)
            }
            return ByteBuffer(bytes: data)
        }
        router.get("endless") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    while !Task.isCancelled { try await writer.write(ByteBuffer(repeating: 65, count: 1 << 16)) }
                })
        }
        router.get("silent") { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "a"))
                    try await Task.sleep(for: .seconds(2))
                })
        }
        router.get("away") { request, _ in
            Response(status: .found, headers: [.location: "http://\(request.head.authority ?? "")/shelf/a"])
        }
        router.get("broken") { _, _ in Response(status: .internalServerError) }
        try await Application(router: router).test(.live) { client in
            try await body("http://127.0.0.1:\(try #require(client.port))", root)
        }
    }

    private static func code(_ address: String, _ root: String, limit: Duration = .seconds(20)) async -> ErrorCode? {
        do {
            try await ReleaseDownload.file(address, to: "\(root)/\(UUID().uuidString)", largest: 1 << 20, limit: limit)
            return nil
        } catch { return (error as? FoundryError)?.code }
    }

    @Test("A file comes whole, and one that is too large, too slow, elsewhere or not there does not")
    func fetched() async throws {
        try await Self.serve { address, root in
            let bytes = Data((0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) })
            try bytes.write(to: URL(filePath: "\(root)/shelf/a"))
            try (bytes + [1]).write(to: URL(filePath: "\(root)/shelf/b"))
            try await ReleaseDownload.file("\(address)/shelf/a", to: "\(root)/got", largest: 1 << 20)
            #expect(try Data(contentsOf: URL(filePath: "\(root)/got")) == bytes)
            #expect(await Self.code("\(address)/shelf/b", root) == .bodyTooLarge)
            #expect(await Self.code("\(address)/endless", root) == .bodyTooLarge)
            #expect(await Self.code("\(address)/shelf/c", root) == .notFound)
            #expect(await Self.code("\(address)/broken", root) == .unreachable)
            #expect(await Self.code("\(address)/away", root) == .unreachable)
            #expect(await Self.code("\(address)/silent", root, limit: .milliseconds(300)) == .timedOut)
            #expect(await Self.code("http://127.0.0.1:1/", root) == .unreachable)
        }
    }

    @Test(
        "Only what is over TLS, or on this machine, is asked",
        arguments: [
            "http://a.example/x", "ftp://127.0.0.1/x", "https://", "http://127.0.0.1@a.example/x",
            "https://user:word@a.example/x", "http://127.0.0.1.a.example/x", "https://a.example/\u{1b}[2J",
            "file:///etc/passwd",
        ])
    func refused(address: String) {
        let error = #expect(throws: FoundryError.self) { try WebAddress(address) }
        #expect(error?.code == .usage)
    }

    @Test("Three redirections are followed, over TLS only")
    func redirected() throws {
        var address = try WebAddress("https://a.example/r/x")
        address = try address.redirected(to: "y")
        #expect(address.text == "https://a.example/r/y")
        address = try address.redirected(to: "//b.example/z")
        #expect(address.text == "https://b.example/z")
        for location in ["http://b.example/", "http://127.0.0.1/", "file:///etc/passwd"] {
            #expect(throws: FoundryError.self, "\(location)") { try address.redirected(to: location) }
        }
        address = try address.redirected(to: "https://c.example/")
        #expect(throws: FoundryError.self) { try address.redirected(to: "https://d.example/") }
    }

    @Test("A release of a catalog comes by its name, and is what the catalog says")
    func catalog() async throws {
        try await Self.serve { address, root in
            let (directory, shelf) = ("\(root)/store", "\(root)/shelf")
            let name = try #require(AppName("store"))
            try NewRelease(name: name, image: nil, packages: [], port: nil, data: nil).write(to: directory)
            _ = try await ReleaseArchive.pack(directory, to: "\(shelf)/store.tgz", signedBy: nil)
            var catalog = try ReleaseCatalog.index(shelf)
            try catalog.text().write(toFile: "\(shelf)/catalog.json", atomically: true, encoding: .utf8)
            for place in ["\(address)/shelf/catalog.json", "\(shelf)/catalog.json", shelf] {
                let found = try await ReleaseSource.with("store", from: place) { source in
                    try ReleaseReader.read(source.directory).checked().manifest.name
                }
                #expect(found == name)
            }
            await #expect(throws: FoundryError.self) {
                try await ReleaseSource.with("store", from: shelf, version: "9.9.9") { _ in }
            }
            catalog.releases[0].sha256 = String(repeating: "0", count: 64)
            try catalog.text().write(toFile: "\(shelf)/catalog.json", atomically: true, encoding: .utf8)
            await #expect(throws: FoundryError.self) {
                try await ReleaseSource.with("store", from: "\(address)/shelf/catalog.json") { _ in }
            }
        }
    }
}

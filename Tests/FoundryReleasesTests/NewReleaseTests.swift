import Foundation
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryReleases

@Suite("A new release, and a catalog of releases")
struct NewReleaseTests {
    private static let name = AppName("store")

    @Test("What is written has no mistakes, and is short; its programs are shell")
    func store() async throws {
        let bench = try ReleaseBench()
        let new = try NewRelease(name: try #require(Self.name), image: nil, packages: [], port: nil, data: nil)
        let directory = bench.root + "/store"
        try new.write(to: directory)
        let finding = try ReleaseReader.read(directory)
        #expect(finding.mistakes.isEmpty && finding.manifest?.binding.hasUsers == true)
        let lines = finding.files.files.values.map { ($0.bytes ?? []).count { $0 == 10 } }.reduce(0, +)
        #expect(lines <= 60, "\(lines) lines")
        for path in finding.files.paths where finding.files.files[path]?.isExecutable == true {
            try await Command().run("sh", ["-n", "\(directory)/\(path)"])
        }
        #expect(throws: FoundryError.self) { try new.write(to: directory) }
    }

    @Test("A frame of an image, or of packages, has no mistakes either")
    func frames() throws {
        let bench = try ReleaseBench()
        let name = try #require(Self.name)
        let frames = [
            try NewRelease(name: name, image: "mine:1", packages: [], port: 99, data: nil),
            try NewRelease(
                name: name, image: "a.example/b@sha256:\(String(repeating: "a", count: 64))", packages: [], port: 99,
                data: "/x"),
            try NewRelease(
                name: name, image: nil, packages: ["memcached", "libmemcached-tools"], port: 11211, data: nil),
        ]
        for (number, frame) in frames.enumerated() {
            try frame.write(to: bench.root + "/\(number)")
            let finding = try ReleaseReader.read(bench.root + "/\(number)")
            #expect(finding.mistakes == [])
        }
        let json = try Data(contentsOf: URL(filePath: bench.root + "/2/image/image.json"))
        #expect(try JSONSerialization.jsonObject(with: json) is [String: Any])
        #expect(throws: FoundryError.self) {
            try NewRelease(name: name, image: nil, packages: ["a b"], port: nil, data: nil)
        }
        #expect(throws: FoundryError.self) {
            try NewRelease(name: name, image: "a", packages: ["b"], port: nil, data: nil)
        }
        #expect(throws: FoundryError.self) {
            try NewRelease(name: name, image: "mine:1", packages: [], port: 0, data: nil).write(to: bench.root + "/x")
        }
        #expect(!FileManager.default.fileExists(atPath: bench.root + "/x"))
    }

    @Test("A catalog names each archive with its checksum and signer, the newest first")
    func catalog() async throws {
        let key = ReleaseKey()
        let shelf = try ReleaseBench()
        for version in ["1.0.0", "1.10.0", "1.9.0"] {
            let bench = try ReleaseBench(ReleaseBench.yaml.replacingOccurrences(of: "1.0.0", with: version))
            _ = try await ReleaseArchive.pack(bench.directory, to: "\(shelf.root)/store-\(version).tgz", signedBy: key)
        }
        let catalog = try ReleaseCatalog.index(shelf.root)
        #expect(catalog.releases.map(\.version.description) == ["1.10.0", "1.9.0", "1.0.0"])
        #expect(catalog.releases.allSatisfy { $0.signer == key.fingerprint })
        let again = try ReleaseCatalog.read(Array(try catalog.text().utf8))
        #expect(again == catalog)
        let newest = try catalog.find("store")
        #expect(newest.file == "store-1.10.0.tgz")
        #expect(
            newest.sha256
                == ReleaseSeal.sum([UInt8](try Data(contentsOf: URL(filePath: "\(shelf.root)/\(newest.file)")))))
        #expect(
            ReleaseCatalog.place(of: newest, catalog: "https://a.example/r/catalog.json")
                == "https://a.example/r/store-1.10.0.tgz")
        #expect(try catalog.find("store", version: ReleaseVersion("1.0.0")).version.description == "1.0.0")
        #expect(throws: FoundryError.self) { try catalog.find("stoer") }
        #expect(throws: FoundryError.self) { try catalog.find("store", version: ReleaseVersion("2.0.0")) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: shelf.root).count == 4)
    }

    @Test("A catalog that leads elsewhere is refused", arguments: ["../a.tgz", "/a.tgz", "http://a.example/a.tgz", ""])
    func elsewhere(file: String) throws {
        let entry = ReleaseCatalog.Entry(
            name: try #require(Self.name), version: try #require(ReleaseVersion("1.0.0")), title: "a", description: "b",
            file: file, sha256: String(repeating: "a", count: 64), bytes: 1, signer: nil)
        let text = try ReleaseCatalog(releases: [entry]).text()
        #expect(throws: FoundryError.self) { try ReleaseCatalog.read(Array(text.utf8)) }
        #expect(throws: FoundryError.self) { try ReleaseCatalog.read([]) }
    }
}

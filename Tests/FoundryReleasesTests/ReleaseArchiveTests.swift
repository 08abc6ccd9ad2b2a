import Foundation
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryReleases

@Suite("Archives of releases")
struct ReleaseArchiveTests {
    private static let key = ReleaseKey()

    @Test("A release is packed the same each time, and comes out as it was")
    func round() async throws {
        let bench = try ReleaseBench()
        try bench.write("templates/hook", "#!/bin/sh\n", mode: 0o755)
        let (first, second) = (bench.root + "/a.tgz", bench.root + "/b.tgz")
        let verdict = try await ReleaseArchive.pack(bench.directory, to: first, signedBy: nil)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: bench.directory + "/release.yml")
        #expect(try await ReleaseArchive.pack(bench.directory, to: second, signedBy: nil) == verdict)
        #expect(try Data(contentsOf: URL(filePath: first)) == Data(contentsOf: URL(filePath: second)))
        #expect(verdict.signer == nil && ImageReference.isDigest(verdict.digest))
        let unpacked = bench.root + "/unpacked"
        #expect(try ReleaseArchive.unpack(first, into: unpacked) == verdict)
        let (before, after) = (try bench.read(), try ReleaseReader.read(unpacked))
        #expect(after.files.files == before.files.files && after.manifest == before.manifest)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.root).sorted() == [
                "a.tgz", "b.tgz", "release", "unpacked",
            ])
        #expect(throws: FoundryError.self) { try ReleaseArchive.unpack(first, into: unpacked) }
    }

    @Test("Other programs read it, and its checksums")
    func others() async throws {
        let bench = try ReleaseBench()
        let file = bench.root + "/a.tgz"
        _ = try await ReleaseArchive.pack(bench.directory, to: file, signedBy: Self.key, author: "An author")
        try FileManager.default.createDirectory(atPath: bench.root + "/out", withIntermediateDirectories: true)
        try await Command().run("tar", ["-xzf", file, "-C", bench.root + "/out"])
        try await Command().run("sh", ["-c", "cd \(bench.root)/out && sha256sum --strict --check CHECKSUMS"])
        #expect(try ReleaseReader.read(bench.root + "/out").manifest != nil)
    }

    @Test("The signature names its key, and a changed file, checksum or signature is refused")
    func signed() async throws {
        let bench = try ReleaseBench()
        let file = bench.root + "/a.tgz"
        let verdict = try await ReleaseArchive.pack(bench.directory, to: file, signedBy: Self.key, author: "An\nauthor")
        #expect(verdict.signer?.fingerprint == Self.key.fingerprint && verdict.signer?.author == "Anauthor")
        #expect(ReleaseSigner.isFingerprint(Self.key.fingerprint))
        let out = bench.root + "/out"
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        for change in [
            "true", "echo >>verbs/start", "echo >x", "rm verbs/bind", "sed -i 1d CHECKSUMS", "rm CHECKSUMS",
            "sed -i 's/^signature ../signature AA/' SIGNATURE",
            "echo >>verbs/start; sha256sum $(grep -o '[^ ]*$' CHECKSUMS) >C; mv C CHECKSUMS",
        ] {
            try await Command().run(
                "sh",
                [
                    "-ec",
                    "cd \(out); rm -rf r; mkdir r; cd r; tar -xzf ../../a.tgz; \(change); tar --format=ustar -czf ../b.tgz *",
                ])
            if change == "true" {
                #expect(try ReleaseArchive.inspect(out + "/b.tgz") == verdict)
                continue
            }
            #expect(throws: FoundryError.self, "\(change)") {
                try ReleaseArchive.unpack(out + "/b.tgz", into: out + "/new")
            }
            #expect(
                !FileManager.default.fileExists(atPath: out + "/new")
                    && !FileManager.default.fileExists(atPath: out + "/new.new"))
        }
    }

    /// Of a tar archive that is put together by hand.
    private static func refusal(_ blocks: [UInt8]) async throws -> String {
        let bench = try ReleaseBench()
        let tar = bench.root + "/a.tar"
        try Data(blocks).write(to: URL(filePath: tar))
        try await Command().run("gzip", ["-n", tar])
        do {
            _ = try ReleaseArchive.unpack(tar + ".gz", into: bench.root + "/new")
            return "taken"
        } catch {
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: bench.root).sorted() == ["a.tar.gz", "release"])
            return error.message
        }
    }

    private static func entry(
        _ path: String, kind: Character = "0", bytes: [UInt8] = [], mode: String = "0000644"
    ) -> [UInt8] {
        let header = TarHeader(path: "p", isDirectory: false, isExecutable: false, bytes: Int64(bytes.count))
        var block = header.encoded ?? []
        block.replaceSubrange(0..<path.utf8.count, with: Array(path.utf8))
        block.replaceSubrange(100..<107, with: Array(mode.utf8))
        block[156] = kind.asciiValue ?? 0
        block.replaceSubrange(157..<168, with: Array("/etc/passwd".utf8))
        return sealed(block) + bytes + [UInt8](repeating: 0, count: header.padding)
    }

    private static func sealed(_ block: [UInt8]) -> [UInt8] {
        var block = block
        block.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        block.replaceSubrange(
            148..<156, with: Array((String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8))
        return block
    }

    private static let yml = entry("release.yml", bytes: Array("a".utf8))

    @Test("What is hostile is refused before anything is written")
    func hostile() async throws {
        let end = TarTree.end
        let cases: [([UInt8], String)] = [
            (Self.entry("../evil"), "The archive has a name that is not plain: ../evil."),
            (Self.entry("/etc/evil"), "The archive has a name that is not plain: /etc/evil."),
            (Self.entry("verbs/../../evil"), "The archive has a name that is not plain: verbs/../../evil."),
            (Self.entry("verbs//evil"), "The archive has a name that is not plain: verbs//evil."),
            (Self.entry("./evil"), "The archive has a name that is not plain: ./evil."),
            (Self.entry("-rf"), "The archive has a name that is not plain: -rf."),
            (Self.entry("a b"), "The archive has a name that is not plain: a b."),
            (Self.entry("a\u{1b}[2J"), "The archive has a name that is not plain: a\u{1b}[2J."),
            (Self.entry("link", kind: "2"), "The archive has an entry that is neither a file nor a directory: link."),
            (Self.entry("hard", kind: "1"), "The archive has an entry that is neither a file nor a directory: hard."),
            (
                Self.entry("device", kind: "3"),
                "The archive has an entry that is neither a file nor a directory: device."
            ),
            (Self.entry("pipe", kind: "6"), "The archive has an entry that is neither a file nor a directory: pipe."),
            (
                Self.entry("sparse", kind: "S"),
                "The archive has an entry that is neither a file nor a directory: sparse."
            ),
            (Self.entry("pax", kind: "x"), "The archive has an entry that is neither a file nor a directory: pax."),
            (Self.entry("pax", kind: "g"), "The archive has an entry that is neither a file nor a directory: pax."),
            (Self.entry("long", kind: "L"), "The archive has an entry that is neither a file nor a directory: long."),
            (Self.entry("setuid", mode: "0004755"), "The archive has an entry of a strange kind: setuid."),
            (Self.yml + Self.yml, "The archive has release.yml twice."),
            (Self.entry("a") + Self.entry("a/b"), "The archive has a as a file and as a directory."),
            (Self.entry("a/b") + Self.entry("a"), "The archive has a as a file and as a directory."),
            (
                Self.entry("verbs/x", bytes: [UInt8](repeating: 65, count: (64 << 10) + 1)),
                "The archive has verbs/x with 65537 bytes; at most 65536 are taken."
            ),
            ((0...602).flatMap { Self.entry("f\($0)") }, "The archive has too many files."),
            (
                (0..<33).flatMap { Self.entry("f\($0)", bytes: [UInt8](repeating: 0, count: 1 << 20)) },
                "The archive has files of more than 33554432 bytes in all."
            ),
            (Self.yml, "The archive has no checksums."),
            ([UInt8](repeating: 65, count: 1024), "The archive is no archive of files."),
        ]
        for (blocks, message) in cases { #expect(try await Self.refusal(blocks + end) == message) }
        #expect(try await Self.refusal(Self.yml) == "The archive breaks off.")
        #expect(try await Self.refusal(Self.yml + [UInt8](repeating: 0, count: 512)) == "The archive breaks off.")
        #expect(try await Self.refusal(Array((Self.yml + end).dropLast(512 + 600))) == "The archive breaks off.")
        #expect(try await Self.refusal(Self.yml + end + Self.yml) == "The archive has bytes behind its end.")
        #expect(try await Self.refusal([]) == "The archive breaks off.")
        var padded = Self.yml
        padded[padded.count - 1] = 1
        #expect(try await Self.refusal(padded + end) == "The archive has bytes between its files.")
    }

    @Test("An image archive comes along, however large its limit")
    func image() async throws {
        let bench = try ReleaseBench(
            ReleaseBench.yaml.replacingOccurrences(of: "{local: \"redis:7\"}", with: "{archive: image.tar}"))
        try bench.write("image.tar", [UInt8](repeating: 7, count: 3 << 20))
        let verdict = try await ReleaseArchive.pack(bench.directory, to: bench.root + "/a.tgz", signedBy: Self.key)
        #expect(try ReleaseArchive.unpack(bench.root + "/a.tgz", into: bench.root + "/new") == verdict)
        #expect(try Data(contentsOf: URL(filePath: bench.root + "/new/image.tar")).count == 3 << 20)
    }

    @Test("A release with mistakes is not packed")
    func mistakes() async throws {
        let bench = try ReleaseBench("format: 1")
        await #expect(throws: FoundryError.self) {
            try await ReleaseArchive.pack(bench.directory, to: bench.root + "/a.tgz", signedBy: nil)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.root) == ["release"])
    }
}

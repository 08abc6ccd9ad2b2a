import Foundation
import FoundryEffects
import FoundryModel
import SystemPackage
import Testing

@testable import FoundryReleases

@Suite("Unpacking gzip")
struct GzipTests {
    private static func unpack(
        _ bytes: [UInt8], most: ByteCount = .megabytes(64), within time: Duration = .seconds(30)
    ) throws -> [UInt8] {
        let file = NSTemporaryDirectory() + "gzip-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let descriptor = try FileDescriptor.open(FilePath(file), .readOnly)
        var output: [UInt8] = []
        try descriptor.closeAfter { try Gzip.unpack(descriptor, atMost: most, within: time) { output += $0 } }
        return output
    }

    private static func packed(_ bytes: [UInt8], _ options: [String]) async throws -> [UInt8] {
        let file = NSTemporaryDirectory() + "gzip-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file + ".gz") }
        try await Command().run("gzip", options + [file])
        return [UInt8](try Data(contentsOf: URL(filePath: file + ".gz")))
    }

    /// Children of this process that are gzip: a program that nobody waited for is one, too.
    private static func programs() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            guard Int32(name) != nil, let stat = ProcFile.read("/proc/\(name)/stat") else { return false }
            return stat.contains("(gzip)") && stat.split(separator: " ").dropFirst(3).first == "\(getpid())"
        }
    }

    @Test(
        "What gzip packed comes out as it was, whichever way it was packed", arguments: [["-n"], ["-n", "-1"], ["-9"]])
    func round(options: [String]) async throws {
        var seed: UInt64 = 7
        let noise = (0..<100_000).map { _ -> UInt8 in
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(seed >> 56)
        }
        let text = Array(String(repeating: "the quick brown fox; ", count: 20_000).utf8)
        for bytes in [[], Array("a".utf8), noise, text, text + noise + text] {
            #expect(try await Self.unpack(Self.packed(bytes, options)) == bytes)
        }
    }

    @Test("A byte that is changed, missing or added is found, or changes nothing")
    func damaged() async throws {
        let bytes = Array("twelve times twelve times twelve".utf8)
        let whole = try await Self.packed(bytes, ["-n"])
        for index in whole.indices {
            var other = whole
            other[index] ^= 1
            // Flags, time, and the machine that packed it say nothing of what is in it.
            if (3...9).contains(index) {
                #expect(try Self.unpack(other) == bytes, "byte \(index)")
            } else {
                #expect(throws: (any Error).self, "byte \(index)") { try Self.unpack(other) }
            }
            #expect(throws: (any Error).self) { try Self.unpack(Array(whole[..<index])) }
        }
        #expect(throws: Gzip.Malformed.self) { try Self.unpack(whole + Array("more".utf8)) }
        #expect(try Self.unpack(whole + [0]) == bytes)
        #expect(try Self.unpack(whole + whole) == bytes + bytes)
    }

    @Test("A bomb is stopped at the limit, and its program is gone")
    func bomb() async throws {
        let bomb = try await Self.packed([UInt8](repeating: 0, count: 32 << 20), ["-n", "-9"])
        #expect(bomb.count < 65_536)
        let error = #expect(throws: FoundryError.self) { try Self.unpack(bomb, most: ByteCount(bytes: 200_000)) }
        #expect(error?.code == .releaseInvalid)
        #expect(try Self.programs().isEmpty)
    }

    @Test("What takes too long is stopped, and so is what nobody wants to have")
    func stopped() async throws {
        let bomb = try await Self.packed([UInt8](repeating: 0, count: 4 << 20), ["-n", "-9"])
        let error = #expect(throws: FoundryError.self) { try Self.unpack(bomb, within: .zero) }
        #expect(error?.code == .timedOut)
        struct Enough: Error {}
        let file = NSTemporaryDirectory() + "gzip-\(UUID().uuidString)"
        try Data(bomb).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let descriptor = try FileDescriptor.open(FilePath(file), .readOnly)
        #expect(throws: Enough.self) {
            try descriptor.closeAfter { try Gzip.unpack(descriptor) { _ in throw Enough() } }
        }
        #expect(try Self.programs().isEmpty)
    }
}

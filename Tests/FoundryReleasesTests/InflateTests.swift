import Foundation
import FoundryEffects
import Testing

@testable import FoundryReleases

@Suite("Unpacking gzip")
struct InflateTests {
    private static func unpack(_ bytes: [UInt8], most: Int = .max) throws -> [UInt8] {
        struct TooMuch: Error {}
        var rest = bytes[...]
        var output: [UInt8] = []
        try Inflate.run({ rest.popFirst() }) {
            output += $0
            if output.count > most { throw TooMuch() }
        }
        return output
    }

    private static func packed(_ bytes: [UInt8], _ options: [String]) async throws -> [UInt8] {
        let file = NSTemporaryDirectory() + "inflate-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file + ".gz") }
        try await Command().run("gzip", options + [file])
        return [UInt8](try Data(contentsOf: URL(filePath: file + ".gz")))
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

    @Test("A byte that is changed, missing or added is found")
    func damaged() async throws {
        let whole = try await Self.packed(Array("twelve times twelve times twelve".utf8), ["-n"])
        for index in whole.indices where ![4, 5, 6, 7, 8, 9].contains(index) {
            var other = whole
            other[index] ^= 1
            #expect(throws: (any Error).self, "byte \(index)") { try Self.unpack(other) }
            #expect(throws: (any Error).self) { try Self.unpack(Array(whole[..<index])) }
        }
        #expect(throws: (any Error).self) { try Self.unpack(whole + [0]) }
        #expect(throws: (any Error).self) { try Self.unpack(whole + whole) }
    }

    @Test("A bomb is stopped at the limit")
    func bomb() async throws {
        let bomb = try await Self.packed([UInt8](repeating: 0, count: 4 << 20), ["-n", "-9"])
        #expect(bomb.count < 8_192)
        #expect(throws: (any Error).self) { try Self.unpack(bomb, most: 200_000) }
    }
}

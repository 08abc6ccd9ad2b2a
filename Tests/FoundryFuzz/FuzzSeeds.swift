#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Inputs that are kept: plain ones, and each that once broke a reader. `Tests/Fuzz/Seeds/GROUND/NAME`
public enum FuzzSeeds {
    public static func directory(file: String = #filePath) -> String {
        file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/") + "/Fuzz/Seeds"
    }

    /// Sorted by name.
    public static func read(_ ground: FuzzGround) throws -> [[UInt8]] {
        let directory = "\(directory())/\(ground.rawValue)"
        return try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map { name in
            [UInt8](try Data(contentsOf: URL(filePath: "\(directory)/\(name)")))
        }
    }

    /// One input made of others: a few bytes changed, cut out, doubled, put in from another, or words that readers look for.
    public static func mutate(
        _ bytes: [UInt8], with others: [[UInt8]], using generator: inout some RandomNumberGenerator
    ) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<7, using: &generator) {
            case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4:
                let other = others.randomElement(using: &generator) ?? []
                let from = Int.random(in: 0...other.count, using: &generator)
                bytes.replaceSubrange(place..<end, with: other[from..<min(other.count, from + 20)])
            case 5: bytes = Array(bytes[..<place])
            default: bytes.insert(contentsOf: (words.randomElement(using: &generator) ?? "").utf8, at: place)
            }
        }
        return bytes
    }

    /// Numbers at the ends of their types, and what separates.
    private static let words = [
        "0", "-1", "65536", "4294967296", "9223372036854775807", "-9223372036854775808", "18446744073709551616",
        "1e400", "NaN",
        "null", "[]", "{}", "\"", "\\u0000", "\n", " ", ":", "/", "..", "%00", "sha256:", "\u{202e}", "\u{0}",
    ]
}

import Crypto
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What vouches for a release's files: their checksums, and a signature over these.
public enum ReleaseSeal {
    public static let checksumsName = "CHECKSUMS"
    public static let signatureName = "SIGNATURE"

    /// As `sha256sum` writes and checks it, sorted by path.
    static func checksums(_ sums: [String: String]) -> String {
        sums.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            .map { "\($0.value)  \($0.key)\n" }.joined()
    }

    /// - Throws: `release_invalid`.
    static func read(checksums bytes: [UInt8]) throws(FoundryError) -> [String: String] {
        var sums: [String: String] = [:]
        guard let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n") else {
            throw FoundryError(.releaseInvalid, "\(checksumsName) of the archive cannot be read.")
        }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            let (sum, path) = (String(line.prefix(64)), String(line.dropFirst(66)))
            guard ImageReference.isDigest("sha256:\(sum)"), line.dropFirst(64).hasPrefix("  "),
                ReleaseFiles.isPath(path),
                sums.updateValue(sum, forKey: path) == nil, sums.count <= ReleaseLimits.mostFiles
            else { throw FoundryError(.releaseInvalid, "\(checksumsName) of the archive cannot be read.") }
        }
        return sums
    }

    /// Of a release, as its record has it: `sha256:...`.
    static func digest(of checksums: String) -> String { "sha256:\(hex(SHA256.hash(data: Data(checksums.utf8))))" }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func sum(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }
}

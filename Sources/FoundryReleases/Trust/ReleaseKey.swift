import Crypto
import FoundryEffects
import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The key that an author signs releases with: Ed25519, in a file of its own that nobody else may read.
public struct ReleaseKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    public init() { key = Curve25519.Signing.PrivateKey() }

    /// In base64.
    public var publicKey: String { key.publicKey.rawRepresentation.base64EncodedString() }
    public var fingerprint: String { ReleaseSigner.fingerprint(of: key.publicKey.rawRepresentation) }

    func signature(of checksums: String) throws -> String {
        try key.signature(for: Data(checksums.utf8)).base64EncodedString()
    }

    /// - Returns: nil when there is none yet.
    /// - Throws: `release_untrusted` when others may read it, or it is no key. It is left as it is.
    public static func read(_ file: String) throws(FoundryError) -> ReleaseKey? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        let mode = (try? FileManager.default.attributesOfItem(atPath: file))?[.posixPermissions] as? Int ?? 0o777
        guard mode & 0o077 == 0 else {
            throw FoundryError(
                .releaseUntrusted, "Others may read the key in \(file).",
                hint: "chmod 0600 \(file), if it is still yours alone"
            )
        }
        let text = FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let words = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        guard words.count == 1, let raw = Data(base64Encoded: String(words[0])),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        else {
            throw FoundryError(
                .releaseUntrusted, "\(file) is no key to sign with; it is left as it is.",
                hint: "move it away, and a new key is made")
        }
        return ReleaseKey(key)
    }

    /// The key of the file, or a new one that is written there.
    ///
    /// - Returns: true beside a key that is new.
    public static func readOrMake(_ file: String) throws(FoundryError) -> (key: ReleaseKey, isNew: Bool) {
        if let key = try read(file) { return (key, false) }
        let new = ReleaseKey()
        let text =
            "# The key that releases are signed with. Keep it to yourself.\n"
            + new.key.rawRepresentation.base64EncodedString() + "\n"
        do {
            try FileManager.default.createDirectory(
                atPath: FilePath(file).removingLastComponent().string, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try DurableFile.write(text.utf8, to: file, mode: .ownerReadWrite)
        } catch {
            throw FoundryError(.internalError, "A key to sign with cannot be written.", detail: "\(file): \(error)")
        }
        return (new, true)
    }

    private init(_ key: Curve25519.Signing.PrivateKey) { self.key = key }
}

/// Who signed a release, as far as its archive says and proves.
public struct ReleaseSigner: Hashable, Sendable {
    /// `SHA256:` and 43 characters, as ssh shows keys.
    public var fingerprint: String
    /// In base64.
    public var publicKey: String
    /// As the archive says; nothing proves it.
    public var author: String

    static func fingerprint(of key: Data) -> String {
        let text = Data(SHA256.hash(data: key)).base64EncodedString()
        return "SHA256:\(text.prefix { $0 != "=" })"
    }

    public static func isFingerprint(_ text: String) -> Bool {
        text.hasPrefix("SHA256:") && text.utf8.count == 50
            && text.dropFirst(7).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+/".contains($0)) }
    }
}

extension ReleaseSeal {
    private static let longestAuthor = 80

    /// Three lines: who, with which key, and the signature over the checksums.
    static func signature(of checksums: String, by key: ReleaseKey, author: String) throws -> String {
        let plain = String(
            author.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }.prefix(longestAuthor).map(
                Character.init))
        return "# \(plain)\nkey \(key.publicKey)\nsignature \(try key.signature(of: checksums))\n"
    }

    /// - Throws: `release_untrusted` when it is no signature of these checksums.
    static func signer(_ signature: [UInt8], of checksums: [UInt8]) throws(FoundryError) -> ReleaseSigner {
        let wrong = FoundryError(
            .releaseUntrusted, "The signature of the release is not one of its checksums.",
            hint: "get the archive again from its author")
        guard signature.count <= 1_024, let text = String(validating: signature, as: UTF8.self) else { throw wrong }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 4, lines[3].isEmpty, lines[0].hasPrefix("# "), lines[1].hasPrefix("key "),
            lines[2].hasPrefix("signature "),
            lines[0].unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }),
            let raw = Data(base64Encoded: String(lines[1].dropFirst(4))),
            let proof = Data(base64Encoded: String(lines[2].dropFirst(10))),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw),
            key.isValidSignature(proof, for: Data(checksums))
        else { throw wrong }
        return ReleaseSigner(
            fingerprint: ReleaseSigner.fingerprint(of: raw), publicKey: raw.base64EncodedString(),
            author: String(lines[0].dropFirst(2).prefix(longestAuthor)))
    }
}

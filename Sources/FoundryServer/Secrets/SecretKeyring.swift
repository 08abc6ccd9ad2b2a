import Crypto
import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The keys with which secrets in the store are sealed: AES-256-GCM, the newest first. Older ones are there to read what nobody sealed anew yet.
///
/// The file has a line a key: its id and its 32 bytes in base64. A sealed secret says which key it needs: `1:KEY:BASE64`.
struct SecretKeyring: SecretCoding {
    private struct Key: Sendable {
        let id: String
        let key: SymmetricKey

        init() {
            key = SymmetricKey(size: .bits256)
            // Of a hash, so that the id says nothing of the key.
            id = TokenSecret.hexadecimal(Array(SHA256.hash(data: key.withUnsafeBytes { Data($0) }).prefix(4)))
        }

        init?(line: Substring) {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let bytes = Data(base64Encoded: String(parts[1])), bytes.count == 32 else {
                return nil
            }
            id = String(parts[0])
            key = SymmetricKey(data: bytes)
        }

        var line: String { "\(id) \(key.withUnsafeBytes { Data($0) }.base64EncodedString())\n" }
    }

    /// Of a secret that cannot be read or written; nothing of it is in the words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let keys: [Key]

    /// The newest first.
    var ids: [String] { keys.map(\.id) }

    /// - Parameter makes: a file that is not there is made, with one key.
    /// - Throws: `secrets_unreadable`, when it is not there, or not ours.
    static func open(_ path: String, makes: Bool) throws(FoundryError) -> SecretKeyring {
        guard let text = ProcFile.read(path) else {
            guard makes, !FileManager.default.fileExists(atPath: path) else {
                throw unreadable("\(path) cannot be read")
            }
            let ring = SecretKeyring(keys: [Key()])
            try ring.save(path)
            return ring
        }
        let keys = text.split(separator: "\n").map(Key.init(line:))
        let read = keys.compactMap(\.self)
        guard !read.isEmpty, read.count == keys.count else { throw unreadable("\(path) is no file of keys") }
        return SecretKeyring(keys: read)
    }

    /// With a new key before the others: what is sealed from now on is sealed with it.
    func rotated() -> SecretKeyring { SecretKeyring(keys: [Key()] + keys) }

    /// Without those that nothing needs any more.
    func newestOnly() -> SecretKeyring { SecretKeyring(keys: Array(keys.prefix(1))) }

    /// On the disk before anything is sealed with it.
    func save(_ path: String) throws(FoundryError) {
        do {
            try DurableFile.write(keys.map(\.line).joined().utf8, to: path, mode: .ownerReadWrite)
        } catch {
            throw FoundryError(
                .secretsUnreadable, "The keys of secrets cannot be written.", detail: "\(path): \(error)")
        }
    }

    func write(_ text: String) throws -> String {
        guard let key = keys.first, let sealed = try AES.GCM.seal(Data(text.utf8), using: key.key).combined else {
            throw Failure(description: "a secret cannot be sealed")
        }
        return "1:\(key.id):\(sealed.base64EncodedString())"
    }

    func read(_ written: String) throws -> String {
        let parts = written.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "1", let bytes = Data(base64Encoded: String(parts[2])) else {
            throw Failure(description: "a sealed secret has another shape")
        }
        guard let key = keys.first(where: { $0.id == parts[1] }) else {
            throw Failure(description: "a secret is sealed with key \(parts[1].prefix(16)), which secrets.key has not")
        }
        let opened = try AES.GCM.open(AES.GCM.SealedBox(combined: bytes), using: key.key)
        guard let text = String(validating: opened, as: UTF8.self) else {
            throw Failure(description: "a sealed secret is no text")
        }
        return text
    }

    private static func unreadable(_ detail: String) -> FoundryError {
        FoundryError(
            .secretsUnreadable, "Secrets in the store cannot be read.", detail: detail,
            hint: "put secrets.key back as it was; the store's backups do not have it")
    }
}

import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A name and a password for a registry, in a file that only we can read, for as long as it is held.
final class RegistryLogin: Sendable {
    let file: String

    /// - Parameter directory: gone at a reboot.
    /// - Throws: `internal_error` when the file cannot be written.
    init(registry: String, username: String, password: String, directory: String) throws(FoundryError) {
        struct File: Encodable { var auths: [String: [String: String]] }
        file = "\(directory)/login-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let words = Data("\(username):\(password)".utf8).base64EncodedString()
            let text = try JSONEncoder().encode(File(auths: [registry: ["auth": words]]))
            try DurableFile.write(text, to: file, outlivesBoot: false)
        } catch {
            // What is encoded here is never told.
            throw FoundryError(.internalError, "The registry's login cannot be written.", detail: file)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: file) }
}

import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The platforms that one user's command line knows: `$FOUNDRY_HOME/config.json`, or `~/.config/foundry/config.json`, mode 0600.
///
///     {"current": "3fa2b1", "targets": {"3fa2b1": {"url": "https://127.0.0.1:7480", "ca": "-----BEGIN ...", "token": "..."}}}
public struct UserConfiguration: Hashable, Sendable, Codable {
    public struct Target: Hashable, Sendable, Codable {
        /// `https://127.0.0.1:7480`
        public var url: String
        /// The certificate of the platform's own authority, in PEM.
        public var ca: String
        public var token: String

        public init(url: String, ca: String, token: String) {
            self.url = url
            self.ca = ca
            self.token = token
        }
    }

    /// Which of the targets commands talk to.
    public var current: String?
    /// By instance.
    public var targets: [String: Target]

    public init(current: String? = nil, targets: [String: Target] = [:]) {
        self.current = current
        self.targets = targets
    }

    public var currentTarget: Target? { current.flatMap { targets[$0] } }

    /// Where it lies for a user of this environment.
    public static func path(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        if let home = environment["FOUNDRY_HOME"], !home.isEmpty { return "\(home)/config.json" }
        return "\(environment["HOME"] ?? "/root")/.config/foundry/config.json"
    }

    /// - Returns: an empty one when there is no file.
    /// - Throws: `configuration_invalid`; the file is left as it is.
    public static func load(_ path: String = path()) throws(FoundryError) -> Self {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw FoundryError(.configurationInvalid, "\(path) cannot be read.", hint: "ls -l \(path)")
            }
            return Self()
        }
        do { return try JSONDecoder().decode(Self.self, from: bytes) } catch {
            throw FoundryError(
                .configurationInvalid, "\(path) is not a configuration of the command line.", detail: "\(error)",
                hint: "mend it, or move it away and run `foundry up`")
        }
    }

    /// Writes it whole, readable by its owner only.
    public func save(_ path: String = path()) throws(FoundryError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
                separator: "/")
            try FileManager.default.createDirectory(
                atPath: directory.isEmpty ? "." : directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try DurableFile.write(try encoder.encode(self) + [UInt8(ascii: "\n")], to: path)
        } catch {
            throw FoundryError(.configurationInvalid, "\(path) cannot be written.", detail: "\(error)")
        }
    }
}

import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `config.json` of a data directory: strict, because a key that is silently passed over is a setting that silently does not hold.
public enum ConfigurationFile {
    /// - Returns: nil when the data directory has none.
    /// - Throws: `configuration_invalid`, naming the key.
    public static func load(data: String) throws(FoundryError) -> PlatformConfiguration? {
        let path = Paths.configuration(of: data)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw FoundryError(.configurationInvalid, "\(path) cannot be read.", hint: "run it as root")
        }
        return try parse(bytes, path: path)
    }

    /// The configuration of a data directory that must have one.
    ///
    /// - Throws: `not_running` when there is none; `configuration_invalid`.
    public static func require(data: String) throws(FoundryError) -> PlatformConfiguration {
        guard let configuration = try load(data: data) else {
            throw FoundryError(
                .notRunning, "\(data) is not a data directory of ours.", hint: "foundry up --data \(data)")
        }
        return configuration
    }

    /// - Parameter path: for messages.
    static func parse(_ bytes: Data, path: String) throws(FoundryError) -> PlatformConfiguration {
        let configuration: PlatformConfiguration
        let unknown: [String]
        do {
            let decoder = JSONDecoder()
            let written = try decoder.decode(JSONTree.self, from: bytes)
            configuration = try decoder.decode(PlatformConfiguration.self, from: bytes)
            let understood = try decoder.decode(JSONTree.self, from: try JSONEncoder().encode(configuration))
            unknown = written.keys(missingIn: understood)
        } catch {
            throw FoundryError(
                .configurationInvalid, "\(path) cannot be used: \(Self.sentence(error)).",
                hint: "docs/reference/configuration.md lists the keys")
        }
        guard unknown.isEmpty else {
            throw FoundryError(
                .configurationInvalid, "\(path) has keys that are not known: \(unknown.joined(separator: ", ")).",
                hint: "docs/reference/configuration.md lists the keys")
        }
        if let problem = configuration.problem {
            throw FoundryError(
                .configurationInvalid, "\(path) cannot be used: \(problem).",
                hint: "docs/reference/configuration.md lists the keys")
        }
        return configuration
    }

    public static func save(_ configuration: PlatformConfiguration, data: String) throws(FoundryError) {
        let path = Paths.configuration(of: data)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do { try DurableFile.write(try encoder.encode(configuration) + [UInt8(ascii: "\n")], to: path) } catch {
            throw FoundryError(.machineUnfit, "\(path) cannot be written.", detail: "\(error)")
        }
    }

    private static func sentence(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        func place(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case .keyNotFound(let key, let context): "the key \(place(context, key)) is missing"
        case .typeMismatch(let type, let context): "\(place(context)) is not of type \(type)"
        case .valueNotFound(_, let context): "\(place(context)) has no value"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "it is not JSON"
        case .dataCorrupted(let context): "\(place(context)): \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }
}

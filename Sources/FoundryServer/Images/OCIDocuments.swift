import FoundryEffects

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The documents of an image, as the OCI image specification and Docker's older one shape them. Only what we read.
enum OCIDocuments {
    /// Larger documents are refused.
    static let largest = 4 << 20
    static let mostLayers = 127
    /// Bytes, packed; sums of sizes stay far from their type's end.
    static let largestLayer: Int64 = 1 << 40

    struct Descriptor: Decodable {
        var mediaType: String?
        var digest: String
        var size: Int64
        var platform: Platform?
        var annotations: [String: String]?
    }

    struct Platform: Decodable {
        var architecture: String
        var os: String
    }

    /// An index, or a manifest: a registry answers either.
    struct Manifest: Decodable {
        var mediaType: String?
        /// Of an index.
        var manifests: [Descriptor]?
        var config: Descriptor?
        var layers: [Descriptor]?
    }

    struct Image: Decodable {
        var architecture: String?
        var os: String?
        var config: Config?
        var rootfs: RootFileSystem
    }

    struct RootFileSystem: Decodable {
        var diffIDs: [String]

        enum CodingKeys: String, CodingKey { case diffIDs = "diff_ids" }
    }

    struct Config: Decodable {
        var entrypoint: [String]?
        var command: [String]?
        var environment: [String]?
        var user: String?
        var workingDirectory: String?
        var volumes: [String: Empty]?
        var ports: [String: Empty]?
        var stopSignal: String?
        /// Some builders write null for what nobody said.
        var labels: [String: String?]?
        var health: DockerHealthCheck?

        enum CodingKeys: String, CodingKey {
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case environment = "Env"
            case user = "User"
            case workingDirectory = "WorkingDir"
            case volumes = "Volumes"
            case ports = "ExposedPorts"
            case stopSignal = "StopSignal"
            case labels = "Labels"
            case health = "Healthcheck"
        }
    }

    struct Empty: Decodable {}

    static func decode<Document: Decodable>(_ type: Document.Type, from bytes: Data) throws -> Document {
        try JSONDecoder().decode(type, from: bytes)
    }

    /// As Go names it.
    static var architecture: String {
        #if arch(arm64)
        "arm64"
        #elseif arch(x86_64)
        "amd64"
        #else
        "unknown"
        #endif
    }
}

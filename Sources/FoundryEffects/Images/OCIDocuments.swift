#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The documents of an image, as the OCI image specification and Docker's older one shape them. Only what we read, or write.
public enum OCIDocuments {
    /// Larger documents are refused.
    public static let largest = 4 << 20
    public static let mostLayers = 127
    /// Bytes, packed; sums of sizes stay far from their type's end.
    public static let largestLayer: Int64 = 1 << 40

    public struct Descriptor: Hashable, Sendable, Codable {
        public var mediaType: String?
        public var digest: String
        public var size: Int64
        public var platform: Platform?
        public var annotations: [String: String]?

        public init(
            mediaType: String? = nil, digest: String, size: Int64, platform: Platform? = nil,
            annotations: [String: String]? = nil
        ) {
            self.mediaType = mediaType
            self.digest = digest
            self.size = size
            self.platform = platform
            self.annotations = annotations
        }
    }

    public struct Platform: Hashable, Sendable, Codable {
        public var architecture: String
        public var os: String

        public init(architecture: String, os: String) {
            self.architecture = architecture
            self.os = os
        }
    }

    /// An index, or a manifest: a registry answers either.
    public struct Manifest: Hashable, Sendable, Codable {
        public var schemaVersion: Int?
        public var mediaType: String?
        /// Of an index.
        public var manifests: [Descriptor]?
        public var config: Descriptor?
        public var layers: [Descriptor]?

        public init(
            schemaVersion: Int? = nil, mediaType: String? = nil, manifests: [Descriptor]? = nil,
            config: Descriptor? = nil, layers: [Descriptor]? = nil
        ) {
            self.schemaVersion = schemaVersion
            self.mediaType = mediaType
            self.manifests = manifests
            self.config = config
            self.layers = layers
        }
    }

    public struct Image: Hashable, Sendable, Codable {
        public var architecture: String?
        public var os: String?
        public var config: Config?
        public var rootfs: RootFileSystem

        public init(architecture: String? = nil, os: String? = nil, config: Config? = nil, rootfs: RootFileSystem) {
            self.architecture = architecture
            self.os = os
            self.config = config
            self.rootfs = rootfs
        }
    }

    public struct RootFileSystem: Hashable, Sendable, Codable {
        public var type: String?
        public var diffIDs: [String]

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }

        public init(type: String? = nil, diffIDs: [String]) {
            self.type = type
            self.diffIDs = diffIDs
        }
    }

    public struct Config: Hashable, Sendable, Codable {
        public var entrypoint: [String]?
        public var command: [String]?
        public var environment: [String]?
        public var user: String?
        public var workingDirectory: String?
        public var volumes: [String: Empty]?
        public var ports: [String: Empty]?
        public var stopSignal: String?
        /// Some builders write null for what nobody said.
        public var labels: [String: String?]?
        public var health: DockerHealthCheck?

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

        public init(
            entrypoint: [String]? = nil, command: [String]? = nil, environment: [String]? = nil, user: String? = nil,
            workingDirectory: String? = nil, volumes: [String: Empty]? = nil, ports: [String: Empty]? = nil,
            stopSignal: String? = nil, labels: [String: String?]? = nil, health: DockerHealthCheck? = nil
        ) {
            self.entrypoint = entrypoint
            self.command = command
            self.environment = environment
            self.user = user
            self.workingDirectory = workingDirectory
            self.volumes = volumes
            self.ports = ports
            self.stopSignal = stopSignal
            self.labels = labels
            self.health = health
        }
    }

    public struct Empty: Hashable, Sendable, Codable {
        public init() {}
    }

    public static func decode<Document: Decodable>(_ type: Document.Type, from bytes: Data) throws -> Document {
        try JSONDecoder().decode(type, from: bytes)
    }

    /// As Go names it.
    public static var architecture: String {
        #if arch(arm64)
        "arm64"
        #elseif arch(x86_64)
        "amd64"
        #else
        "unknown"
        #endif
    }
}

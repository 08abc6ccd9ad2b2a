/// What runc is told of a container: the part of the OCI runtime specification that we use.
///
/// - Source: github.com/opencontainers/runtime-spec, version 1.0.2.
struct RuntimeSpecification: Hashable, Sendable, Encodable {
    var ociVersion = "1.0.2"
    var process: Process
    var root: Root
    var hostname: String
    var mounts: [Mount]
    var annotations: [String: String]
    var linux: Linux

    struct Process: Hashable, Sendable, Codable {
        var terminal = false
        var user: User
        var args: [String]
        var env: [String]
        var cwd: String
        var capabilities: Capabilities
        var rlimits: [ResourceLimit]
        var noNewPrivileges = true
    }

    struct User: Hashable, Sendable, Codable {
        var uid: UInt32
        var gid: UInt32
        var additionalGids: [UInt32]
        var umask: UInt32 = 0o022
    }

    struct Capabilities: Hashable, Sendable, Codable {
        var bounding: [String]
        var effective: [String]
        var permitted: [String]
        var inheritable: [String] = []
        var ambient: [String] = []
    }

    struct ResourceLimit: Hashable, Sendable, Codable {
        var type: String
        var soft: UInt64
        var hard: UInt64
    }

    struct Root: Hashable, Sendable, Encodable {
        var path: String
        var readonly = false
    }

    struct Mount: Hashable, Sendable, Encodable {
        var destination: String
        var type: String
        var source: String
        var options: [String]
    }

    struct Linux: Hashable, Sendable, Encodable {
        var cgroupsPath: String
        var namespaces: [Namespace]
        var sysctl: [String: String]
        var resources: Resources
        var seccomp: SyscallFilter
        var maskedPaths: [String]
        var readonlyPaths: [String]
    }

    struct Namespace: Hashable, Sendable, Encodable {
        var type: String
        var path: String?
    }

    struct Resources: Hashable, Sendable, Encodable {
        var devices: [DeviceRule]
        var memory: Memory
        var cpu: Processor
        var pids: Processes
    }

    struct DeviceRule: Hashable, Sendable, Encodable {
        var allow: Bool
        var access: String
    }

    struct Memory: Hashable, Sendable, Encodable {
        var limit: Int64
        /// Memory and swap together.
        var swap: Int64?
    }

    struct Processor: Hashable, Sendable, Encodable {
        var quota: Int64
        var period: UInt64
        var shares: UInt64
    }

    struct Processes: Hashable, Sendable, Encodable {
        var limit: Int64
    }
}

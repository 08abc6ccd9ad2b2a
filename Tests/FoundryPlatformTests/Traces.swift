import Foundation
import FoundryEffects
import FoundryModel

/// Everything of one installation that lies on the machine: what must match what the platform says it has.
struct Traces: Equatable {
    var containers: Set<String> = []
    var monitors: Set<String> = []
    var rootfs: Set<String> = []
    var networks: Set<String> = []
    var interfaces: Set<String> = []
    var mountedVolumes: Set<String> = []
    var loopFiles: Set<String> = []
    var poolVolumes: Set<String> = []
    var unfinished: Set<String> = []
    var cgroups: Set<String> = []

    /// Looks from inside the cell's mount namespace, where it lies.
    static func read(_ paths: Paths) async throws -> Traces {
        var traces = Traces()
        traces.containers = names(paths.runc)
        traces.monitors = names("\(paths.run)/conmon")
        traces.rootfs = names("\(paths.run)/members")
        traces.networks = names(paths.networkNamespaces)
        traces.interfaces = names("/sys/class/net").filter { $0.hasPrefix(paths.interfacePrefix) }
        traces.cgroups = cgroups(paths)
        if FileManager.default.fileExists(atPath: paths.mountNamespace) {
            let command = Command()
            let inside = { (words: [String]) in
                try await command.result("nsenter", ["--mount=\(paths.mountNamespace)"] + words).standardOutput.split(
                    separator: "\n"
                ).map(String.init)
            }
            let mounts = try await inside(["cat", "/proc/self/mountinfo"]).map {
                $0.split(separator: " ").map(String.init)[4]
            }
            traces.mountedVolumes = Set(
                mounts.filter { $0.hasPrefix("\(paths.run)/volumes/") }.map { ($0 as NSString).lastPathComponent })
            traces.poolVolumes = Set(try await inside(["ls", "\(paths.pool)/volumes"]))
            traces.unfinished = Set(
                try await inside(["ls", "\(paths.pool)/creating", "\(paths.pool)/deleting"]).filter {
                    !$0.isEmpty && !$0.hasSuffix(":")
                })
        }
        traces.loopFiles = Set(
            names("/sys/block").compactMap {
                try? String(contentsOfFile: "/sys/block/\($0)/loop/backing_file", encoding: .utf8)
            }
            .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter {
                $0.hasPrefix(paths.data) && $0.contains("/volumes/")
            })
        return traces
    }

    private static func names(_ directory: String) -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
    }

    private static func cgroups(_ paths: Paths) -> Set<String> {
        let roots = names("/sys/fs/cgroup").map { "/sys/fs/cgroup/\($0)" } + ["/sys/fs/cgroup"]
        let found = roots.flatMap { root in
            names(root + paths.cgroup).filter { isDirectory("\(root)\(paths.cgroup)/\($0)") }
        }
        return Set(found).subtracting(["guarded", "monitors"])
    }

    private static func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}

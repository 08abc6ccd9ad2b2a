import FoundryEffects
import FoundryModel

/// Finds what a killed `container.create` left running without a record of it: conmon and runc, by their arguments.
struct StrayProcesses {
    let paths: Paths
    let member: MemberID

    /// conmon names the member's directory, runc our containers and the member.
    func find() throws(FoundryError) -> [ProcessIdentity] {
        try HostFiles.names(in: "/proc").compactMap { Int32($0) }.filter { pid in
            let words = (ProcFile.read("/proc/\(pid)/cmdline") ?? "").split(separator: "\0")
            guard words.count > 3, let program = words[0].split(separator: "/").last else { return false }
            return switch program {
            case "conmon": words.contains { $0 == paths.monitor(member) }
            case "runc": words.contains { $0 == paths.runc } && words.contains { $0 == member.description }
            default: false
            }
        }.compactMap { ProcessIdentity(living: $0) }
    }
}

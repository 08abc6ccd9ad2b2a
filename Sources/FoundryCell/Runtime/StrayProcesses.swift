import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds what a killed `container.create` left running without a record of it: conmon and runc, by their arguments.
struct StrayProcesses {
    let paths: Paths
    let member: MemberID

    /// conmon names the member's directory, runc our containers and the member.
    func find() throws(FoundryError) -> [ProcessIdentity] {
        try HostFiles.names(in: "/proc").compactMap { Int32($0) }.filter { pid in
            let words = (FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data())
                .split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            guard words.count > 3, let program = words[0].split(separator: "/").last else { return false }
            return switch program {
            case "conmon": words.contains(paths.monitor(member))
            case "runc": words.contains(paths.runc) && words.contains(member.description)
            default: false
            }
        }.compactMap { ProcessIdentity(living: $0) }
    }
}

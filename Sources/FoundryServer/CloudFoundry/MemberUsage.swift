import FoundryClient
import FoundryEffects
import FoundryModel

/// What a member uses now, from its control group. What is not known is left out.
struct MemberUsage {
    let paths: Paths

    /// - Returns: nil when nothing is known.
    func usage(of member: MemberID, disk: ByteCount?, at time: Timestamp) -> ProcessStatsAnswer.Usage? {
        let group = paths.cgroup(member)
        let memory =
            number("/sys/fs/cgroup/memory\(group)/memory.usage_in_bytes")
            ?? number("/sys/fs/cgroup\(group)/memory.current")
        guard memory != nil || disk != nil else { return nil }
        return .init(time: time.description, cpu: nil, mem: memory, disk: disk?.bytes)
    }

    private func number(_ path: String) -> Int64? {
        ProcFile.read(path).flatMap { Int64($0.filter { !$0.isWhitespace }) }
    }
}

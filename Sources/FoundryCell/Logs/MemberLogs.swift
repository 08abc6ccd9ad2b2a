import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// Keeps the members' logs within their bounds: three files each.
///
/// conmon writes them, also while none of ours is alive. When `rotateAll` is not called, or not often enough for a member that floods its log,
/// conmon itself begins the file anew at `hardLimit`, and those lines are lost.
public struct MemberLogs: Sendable {
    private let paths: Paths
    private let limit: ByteCount

    /// - Parameter limit: of one file (`logFileSize` of the configuration).
    public init(paths: Paths, limit: ByteCount) {
        self.paths = paths
        self.limit = limit
    }

    /// What conmon is told never to pass.
    static func hardLimit(_ limit: ByteCount) -> ByteCount { ByteCount(bytes: limit.bytes * 2) }

    public func files(_ member: MemberID) -> LogFiles { LogFiles(paths.memberLog(member)) }

    /// - Throws: `internal_error` when a log cannot be read.
    public func tail(_ member: MemberID, lines: Int) throws(FoundryError) -> [LogLine] {
        try LogTail(files(member)).read(lines: lines)
    }

    /// The last lines and all that follow.
    public func follow(_ member: MemberID, lines: Int = 0) throws(FoundryError) -> AsyncStream<LogLine> {
        try LogFollower(files(member), lines: lines).lines
    }

    /// Rotates every log that has reached its limit; to be called every few seconds. Costs one `stat` a member when there is nothing to do.
    ///
    /// - Returns: those that were rotated. One that cannot be is tried again at the next call.
    @discardableResult
    public func rotateAll() throws(FoundryError) -> [MemberID] {
        try HostFiles.names(in: paths.members).compactMap { MemberID($0) }.filter { rotate($0) }
    }

    private func rotate(_ member: MemberID) -> Bool {
        let files = files(member)
        guard let size = HostFiles.size(of: files.current) else {
            // Killed between the renaming and the order to begin a new file.
            if HostFiles.exists(files.file(1)) { reopen(member) }
            return false
        }
        guard size >= limit else { return false }
        for age in (0..<LogFiles.olderFiles).reversed() { _ = foundry_rename(files.file(age), files.file(age + 1)) }
        reopen(member)
        return true
    }

    /// conmon writes to the renamed file until it gets this, so no line is lost. Without a monitor nobody listens, and the next one makes the file.
    private func reopen(_ member: MemberID) {
        let control = open(MonitorPlaces(paths, member).control, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard control >= 0 else { return }
        defer { close(control) }
        let order = Array("2 0 0\n".utf8)
        _ = write(control, order, order.count)
    }
}

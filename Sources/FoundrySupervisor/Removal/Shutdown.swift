import FoundryEffects
import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Stops every member in order, then ours; keeps all data.
public struct Shutdown: Sendable {
    public enum Outcome: Hashable, Sendable {
        case stopped
        case wasNotRunning
    }

    private let paths: Paths
    private let limitMilliseconds: Int64
    /// Told about once a second: how many members are left.
    private let progress: @Sendable (Int) async -> Void

    public init(
        _ paths: Paths, limitMilliseconds: Int64 = 600_000, progress: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.paths = paths
        self.limitMilliseconds = limitMilliseconds
        self.progress = progress
    }

    /// - Throws: `timed_out`, while the stopping goes on; `command_failed`.
    public func run() async throws(FoundryError) -> Outcome {
        guard access(paths.run, F_OK) == 0, Self.isAnythingThere(paths) else { return .wasNotRunning }
        let lock = try SupervisorStart.lifecycleLock(paths)
        defer { extendLifetime(lock) }
        do { try DurableFile.write([], to: paths.downMarker) } catch {
            throw FoundryError(
                .machineUnfit, "\(paths.downMarker) cannot be written.", detail: "\(error)", hint: "run it as root")
        }
        let end = SystemClock.monotonic() + limitMilliseconds
        // A supervisor that ends its work takes its pid file away; one that was killed leaves it, and another one goes on.
        for _ in 0..<Self.tries {
            try await drain(until: end)
            if access(paths.pidFile("supervisor"), F_OK) != 0 {
                unlink(paths.downMarker)
                return .stopped
            }
        }
        throw FoundryError(
            .commandFailed, "The supervisor died \(Self.tries) times while it stopped.",
            detail: LogTail.of("\(paths.logs)/supervisor.log"))
    }

    /// Does something during which nothing of the installation runs, or is started.
    ///
    /// - Throws: `already_running` when something runs, or another `up`, `down` or `reset` is at work; what the work throws.
    public static func whileDown<Result>(
        _ paths: Paths, _ work: () async throws(FoundryError) -> Result
    ) async throws(FoundryError) -> Result {
        let lock = try SupervisorStart.lifecycleLock(paths)
        defer { extendLifetime(lock) }
        guard !isAnythingThere(paths) else {
            let command = paths.data == Paths.usualData ? "foundry down" : "foundry down --data \(paths.data)"
            throw FoundryError(
                .alreadyRunning, "The platform, or members of it, run: this is done while nothing does.",
                hint: command)
        }
        return try await work()
    }

    private static let tries = 5

    private func drain(until end: MonotonicTime) async throws(FoundryError) {
        let pidFile = paths.pidFile("supervisor")
        if PidFile.live(pidFile)?.signal(SIGUSR1) != true { _ = try await SupervisorStart.begin(paths) }
        guard let supervisor = PidFile.live(pidFile) else { return }
        var nextWord = SystemClock.monotonic() + 1000
        while !supervisor.waitForEnd(milliseconds: 0) {
            guard SystemClock.monotonic() < end else {
                throw FoundryError(
                    .timedOut, "Members are still being stopped: \(Self.members(paths)) left.",
                    hint: "it goes on by itself; `foundry status` shows it")
            }
            if SystemClock.monotonic() >= nextWord {
                nextWord = nextWord + 1000
                await progress(Self.members(paths))
            }
            try? await SystemClock.sleep(.milliseconds(20))
        }
    }

    /// Containers that exist.
    public static func members(_ paths: Paths) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: paths.runc)) ?? []).count
    }

    /// Somebody began it, and it has not come to its end.
    public static func isInProgress(_ paths: Paths) -> Bool { access(paths.downMarker, F_OK) == 0 }

    /// Daemons or members run, or the cell's mounts are there.
    public static func isAnythingThere(_ paths: Paths) -> Bool {
        (Daemon.names + ["supervisor"]).contains { PidFile.live(paths.pidFile($0)) != nil }
            || MountNamespace(pin: paths.mountNamespace).isPinned || members(paths) > 0
    }
}

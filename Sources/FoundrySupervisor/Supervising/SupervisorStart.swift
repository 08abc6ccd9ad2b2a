import FoundryEffects
import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Starts the supervisor of an installation in the background.
public enum SupervisorStart {
    public enum Outcome: Hashable, Sendable {
        case started(pid: Int32)
        case ranAlready(pid: Int32)
    }

    /// Ends a `down` that did not come to its end, too.
    ///
    /// - Parameter unit: by which systemd starts it; nil: as a daemon of its own.
    /// - Throws: `timed_out`, `command_failed`, with the last words of its log.
    public static func run(_ paths: Paths, unit: SystemdUnit? = nil) async throws(FoundryError) -> Outcome {
        let lock = try lifecycleLock(paths)
        if access(paths.downMarker, F_OK) == 0 {
            try await waitForLeaving(paths)
            unlink(paths.downMarker)
        }
        if let supervisor = PidFile.live(paths.pidFile("supervisor")) {
            extendLifetime(lock)
            return .ranAlready(pid: supervisor.identity.pid)
        }
        guard let unit else {
            let pid = try await begin(paths)
            extendLifetime(lock)
            return .started(pid: pid)
        }
        // systemd's child takes the same lock when it begins.
        return try await begin(unit, lock: lock, paths)
    }

    private static func begin(
        _ unit: SystemdUnit, lock: consuming FileLock, _ paths: Paths
    ) async throws(FoundryError) -> Outcome {
        _ = consume lock
        try await unit.install()
        return .started(pid: try await waitForOne(paths, isHopeless: { false }))
    }

    /// For a supervisor in the foreground: what a `down` left does not concern it.
    public static func clear(_ paths: Paths) throws(FoundryError) {
        let lock = try lifecycleLock(paths)
        unlink(paths.downMarker)
        extendLifetime(lock)
    }

    static func lifecycleLock(_ paths: Paths) throws(FoundryError) -> FileLock {
        guard let lock = try FileLock.take(paths.lifecycleLock, wait: .milliseconds(5_000)) else {
            throw FoundryError(
                .alreadyRunning, "Another `foundry up`, `down` or `reset` of \(paths.data) is at work.",
                hint: "foundry status")
        }
        return lock
    }

    /// Starts one and sees that it has taken its place.
    static func begin(_ paths: Paths) async throws(FoundryError) -> Int32 {
        try RunDirectory.prepare(paths)
        let output = try DaemonLog(path: "\(paths.logs)/supervisor.log").open()
        defer { try? output.close() }
        let command = [ProgramPath.ownExecutable, "supervise", "--data", paths.data]
        let pid = try ProcessStart(command: command, output: output, isDetached: true).run()
        return try await waitForOne(paths) { ProcessIdentity(living: pid) == nil }
    }

    private static func waitForOne(_ paths: Paths, isHopeless: () -> Bool) async throws(FoundryError) -> Int32 {
        let end = SystemClock.monotonic() + 10_000
        while SystemClock.monotonic() < end {
            let hasEnded = isHopeless()
            if let supervisor = PidFile.live(paths.pidFile("supervisor")) { return supervisor.identity.pid }
            if hasEnded { break }
            try? await SystemClock.sleep(.milliseconds(5))
        }
        throw FoundryError(
            .commandFailed, "The supervisor did not start.", detail: LogTail.of("\(paths.logs)/supervisor.log"),
            hint: "see \(paths.logs)/supervisor.log")
    }

    private static func waitForLeaving(_ paths: Paths) async throws(FoundryError) {
        guard let supervisor = PidFile.live(paths.pidFile("supervisor")) else { return }
        for _ in 0..<600 {
            if supervisor.waitForEnd(milliseconds: 0) { return }
            try? await SystemClock.sleep(.milliseconds(200))
        }
        throw FoundryError(.timedOut, "A `foundry down` is in progress and does not end.", hint: "foundry status")
    }
}

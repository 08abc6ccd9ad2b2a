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
    /// - Throws: `timed_out`, `command_failed`, with the last words of its log.
    public static func run(_ paths: Paths) async throws(FoundryError) -> Outcome {
        let lock = try lifecycleLock(paths)
        defer { extendLifetime(lock) }
        if access(paths.downMarker, F_OK) == 0 {
            try await waitForLeaving(paths)
            unlink(paths.downMarker)
        }
        if let supervisor = PidFile.live(paths.pidFile("supervisor")) { return .ranAlready(pid: supervisor.identity.pid) }
        return .started(pid: try await begin(paths))
    }

    /// For a supervisor in the foreground: what a `down` left does not concern it.
    public static func clear(_ paths: Paths) throws(FoundryError) {
        let lock = try lifecycleLock(paths)
        unlink(paths.downMarker)
        extendLifetime(lock)
    }

    static func lifecycleLock(_ paths: Paths) throws(FoundryError) -> FileLock {
        guard let lock = try FileLock.take(paths.lifecycleLock, wait: .milliseconds(5_000)) else {
            throw FoundryError(.alreadyRunning, "Another `foundry up`, `down` or `reset` of \(paths.data) is at work.", hint: "foundry status")
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
        let end = SystemClock.monotonic() + 10_000
        while SystemClock.monotonic() < end {
            if let supervisor = PidFile.live(paths.pidFile("supervisor")) { return supervisor.identity.pid }
            if ProcessIdentity.of(pid) == nil { break }
            poll(nil, 0, 10)
        }
        throw FoundryError(.commandFailed, "The supervisor did not start.", detail: lastWords(paths), hint: "see \(paths.logs)/supervisor.log")
    }

    static func lastWords(_ paths: Paths) -> String {
        let text = ProcFile.read("\(paths.logs)/supervisor.log") ?? ""
        return text.split(separator: "\n").suffix(3).joined(separator: "; ")
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

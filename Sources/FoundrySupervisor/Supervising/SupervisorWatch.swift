import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// Every daemon watches its supervisor, and starts a new one when it died. The supervisor's lock sees to it that one is enough.
public enum SupervisorWatch {
    /// Begins to watch, on a thread of its own; returns at once.
    ///
    /// - Parameter command: what starts a supervisor; nil: `foundry supervise` of this installation.
    public static func start(paths: Paths, command: [String]? = nil, limits: SupervisorLimits = SupervisorLimits()) {
        let command = command ?? [ProgramPath.ownExecutable, "supervise", "--data", paths.data]
        let watcher = Watcher(paths: paths, command: command, limits: limits)
        var thread = pthread_t()
        let box = Unmanaged.passRetained(WatcherBox(watcher))
        let result = pthread_create(
            &thread, nil,
            { argument in
                argument.map { Unmanaged<WatcherBox>.fromOpaque($0).takeRetainedValue().watcher.run() }
                return nil
            }, box.toOpaque())
        guard result == 0 else { return box.release() }
        pthread_detach(thread)
    }
}

private final class WatcherBox {
    let watcher: Watcher
    init(_ watcher: Watcher) { self.watcher = watcher }
}

struct Watcher: Sendable {
    let paths: Paths
    let command: [String]
    let limits: SupervisorLimits

    func run() {
        var pauseMilliseconds: Int64 = Self.shortestPause
        while true {
            if let supervisor = PidFile.live(paths.pidFile("supervisor")) {
                _ = supervisor.waitForEnd(milliseconds: nil)
                pauseMilliseconds = Self.shortestPause
            }
            // The one that died was held by somebody, who starts it again.
            if PidFile.remark(paths.pidFile("supervisor")) != nil,
                waitForAnother(milliseconds: limits.headStartMilliseconds)
            {
                continue
            }
            // A `down` ends the supervisor, and all of us after it or before.
            if access(paths.downMarker, F_OK) != 0 { startOne() }
            if !waitForAnother(milliseconds: pauseMilliseconds) {
                pauseMilliseconds = min(pauseMilliseconds * 2, Self.longestPause)
            }
        }
    }

    private static let shortestPause: Int64 = 500
    private static let longestPause: Int64 = 10_000

    private func startOne() {
        do throws(FoundryError) {
            let output = try DaemonLog(path: "\(paths.logs)/supervisor.log", limit: limits.logSize).open()
            defer { try? output.close() }
            let pid = try ProcessStart(command: command, output: output, isDetached: true).run()
            Supervisor.log("the supervisor is gone; started another, pid \(pid)")
        } catch {
            Supervisor.log("the supervisor is gone, and no other can be started: \(error)")
        }
    }

    /// - Returns: whether a supervisor runs before the time is over.
    private func waitForAnother(milliseconds: Int64) -> Bool {
        let end = SystemClock.monotonic() + milliseconds
        while SystemClock.monotonic() < end {
            if PidFile.live(paths.pidFile("supervisor")) != nil { return true }
            poll(nil, 0, 10)
        }
        return false
    }
}

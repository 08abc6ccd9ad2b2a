import FoundryEffects
import FoundryModel
import FoundrySupervisor
import Glibc
import Testing

@testable import FoundrySupervisor

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One supervisor with trivial daemons, in directories of its own; everything is gone after `end`.
final class World {
    struct Plan: Codable {
        var data: String
        var instance: String
        var daemons: [Daemon]
        var limits: SupervisorLimits
    }

    let paths: Paths
    let plan: String
    let daemons: [Daemon]
    private let points: String

    static let fixture: String = {
        let here = ProcFile.link("/proc/self/exe") ?? ""
        let candidates = [CommandLine.arguments.first ?? "", here].map {
            $0.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        }
        let folders = candidates + [".build/debug", ".build/release"]
        return folders.map { AbsolutePath.of("\($0)/SupervisorFixture") }.first { access($0, X_OK) == 0 }
            ?? "SupervisorFixture"
    }()

    /// - Parameter daemons: names of `sleeper` (a plain program), `watcher` and `cell` (the fixture's), told apart by their first letters.
    init(_ names: [String], logSize: ByteCount = .megabytes(1)) throws {
        let instance = Secrets.hexadecimal(bytes: 3)
        let data = "/var/tmp/foundry-supervisor-test-\(instance)"
        try FileManager.default.createDirectory(atPath: "\(data)/points", withIntermediateDirectories: true)
        paths = Paths(data: data, instance: instance)
        points = "\(data)/points"
        plan = "\(data)/plan.json"
        let path = plan
        daemons = names.map { name in
            switch name.prefix(1) {
            case "w": Daemon(name: name, command: [Self.fixture, "watch", path])
            case "c": Daemon(name: name, command: [Self.fixture, "cell", path], drains: true, hasOwnMounts: true)
            case "f": Daemon(name: name, command: ["/bin/false"])
            case "l": Daemon(name: name, command: ["/bin/sh", "-c", "while :; do echo line $$; sleep 0.001; done"])
            default: Daemon(name: name, command: ["/bin/sleep", "100000"])
            }
        }
        let limits = SupervisorLimits(logSize: logSize, logCheckMilliseconds: 50, headStartMilliseconds: 300)
        try DurableFile.write(
            try JSONEncoder().encode(Plan(data: data, instance: instance, daemons: daemons, limits: limits)), to: plan)
        try RunDirectory.prepare(paths)
    }

    /// Starts a supervisor and waits until every daemon runs.
    @discardableResult
    func start(foreground: Bool = false, all: Bool = true) throws -> Int32 {
        let log = try DaemonLog(path: "\(paths.logs)/supervisor.log").open()
        defer { try? log.close() }
        setenv("FOUNDRY_KILL_POINTS", points, 1)
        defer { unsetenv("FOUNDRY_KILL_POINTS") }
        let command = [Self.fixture, "supervise", plan] + (foreground ? ["--foreground"] : [])
        let pid = try ProcessStart(command: command, output: log, isDetached: true).run()
        if all { try #require(until { self.isWhole }) }
        return pid
    }

    func arm(_ point: String) throws { try DurableFile.write([], to: "\(points)/\(point)") }
    func isArmed(_ point: String) -> Bool { access("\(points)/\(point)", F_OK) == 0 }

    var supervisor: Int32? { pid("supervisor") }
    func pid(_ name: String) -> Int32? { PidFile.live(paths.pidFile(name))?.identity.pid }
    var pids: [String: Int32] {
        Dictionary(uniqueKeysWithValues: daemons.compactMap { daemon in pid(daemon.name).map { (daemon.name, $0) } })
    }
    var isWhole: Bool { supervisor != nil && pids.count == daemons.count }
    func record(_ name: String) -> DaemonRecord? { DaemonRecord.load(paths.daemonRecords).first { $0.name == name } }

    /// Kills them all at once, and waits until they are dead.
    func slay(_ names: [String]) throws {
        let victims = try names.map { try #require(PidFile.live(paths.pidFile($0)), "\($0) runs") }
        for victim in victims { victim.signal(SIGKILL) }
        for victim in victims { try #require(victim.waitForEnd(milliseconds: 5_000)) }
    }

    /// It has come as far as to handle the signal.
    func catches(_ signal: Int32, _ name: String) -> Bool {
        let status = pid(name).flatMap { ProcFile.read("/proc/\($0)/status") } ?? ""
        let caught = status.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
        return (caught.flatMap { UInt64($0, radix: 16) } ?? 0) & 1 << UInt64(signal - 1) != 0
    }

    func namespace(_ name: String) -> String? { pid(name).flatMap { ProcFile.link("/proc/\($0)/ns/mnt") } }

    /// Every process that was started for this world and lives, whether a pid file names it or not.
    var processes: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }.filter { pid in
            guard ProcessIdentity(living: pid) != nil, let environment = ProcFile.read("/proc/\(pid)/environ") else {
                return false
            }
            return environment.contains("FOUNDRY_KILL_POINTS=\(points)")
        }
    }

    func until(seconds: Int64 = 10, _ condition: () -> Bool) -> Bool {
        let end = SystemClock.monotonic() + seconds * 1000
        while SystemClock.monotonic() < end {
            if condition() { return true }
            usleep(5_000)
        }
        return condition()
    }

    func end() {
        _ = FileManager.default.createFile(atPath: paths.downMarker, contents: nil)
        for _ in 0..<3 { for pid in processes { kill(pid, SIGKILL) } }
        _ = until { processes.isEmpty }
        try? MountNamespace(pin: paths.mountNamespace).remove(output: .standardError)
        for path in [paths.run, paths.data] { try? FileManager.default.removeItem(atPath: path) }
    }
}

let isRoot = geteuid() == 0

import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Removes everything of one installation, its data too.
public struct Reset: Sendable {
    public let plan: ResetPlan
    private let executable: String

    public init(_ plan: ResetPlan, executable: String = ProgramPath.ownExecutable) {
        self.plan = plan
        self.executable = executable
    }

    /// - Parameter step: told before each step, as a sentence.
    /// - Throws: `command_failed`, `machine_unfit`; what was not reached is still there, and the next call goes on.
    public func run(step: @Sendable (String) async -> Void = { _ in }) async throws(FoundryError) {
        if let paths = plan.paths {
            try RunDirectory.prepare(paths)
            let lock = try SupervisorStart.lifecycleLock(paths)
            defer { extendLifetime(lock) }
            await step("stopping our daemons")
            try await stopDaemons(paths)
            await step("removing members, networks, mounts and the pool")
            try await tearDown(paths)
            try MountNamespace(pin: paths.mountNamespace).remove(output: .standardError)
            await step("removing \(paths.run)")
            try await Self.remove(paths.run)
        }
        await step("removing what is ours in \(plan.data)")
        for name in plan.entries { try await Self.remove("\(plan.data)/\(name)") }
        if plan.others.isEmpty { rmdir(plan.data) }
        guard let instance = plan.instance else { return }
        try UserTarget.remove(instance: instance)
    }

    /// Members stay, and no daemon starts another supervisor.
    private func stopDaemons(_ paths: Paths) async throws(FoundryError) {
        do { try DurableFile.write([], to: paths.downMarker) } catch {
            throw FoundryError(
                .machineUnfit, "\(paths.downMarker) cannot be written.", detail: "\(error)", hint: "run it as root")
        }
        if SystemdUnit.isSystemdHere { try await SystemdUnit(instance: paths.instance, data: paths.data).remove() }
        for name in ["supervisor"] + Daemon.names {
            guard let process = PidFile.live(paths.pidFile(name)) else { continue }
            process.signal(name == "supervisor" ? SIGTERM : SIGKILL)
            guard !process.waitForEnd(milliseconds: name == "supervisor" ? 15_000 : 2_000) else { continue }
            process.signal(SIGKILL)
            guard process.waitForEnd(milliseconds: 2_000) else {
                throw FoundryError(.commandFailed, "\(name) cannot be stopped.", detail: "pid \(process.identity.pid)")
            }
        }
    }

    /// The cell knows its own; it is asked in its own mount namespace.
    private func tearDown(_ paths: Paths) async throws(FoundryError) {
        if plan.isRepaired { try plan.repair(paths) }
        let namespace = MountNamespace(pin: paths.mountNamespace)
        let log = try DaemonLog(path: "\(paths.logs)/cell.log").open()
        defer { try? log.close() }
        try namespace.make(output: log)
        let command = namespace.entering([executable, "cell", "--data", paths.data, "--teardown"])
        guard let program = command.first else { return }
        try await Command().run(program, Array(command.dropFirst()), limit: .seconds(180))
    }

    /// Never across a mount: what is still mounted below is somebody's data.
    private static func remove(_ path: String) async throws(FoundryError) {
        if let mount = try MountTable.read().under(path).first {
            throw FoundryError(
                .commandFailed, "\(mount.target) is still mounted.",
                hint: "umount \(mount.target), then `foundry reset` again")
        }
        try await Command().run("rm", ["--recursive", "--force", "--one-file-system", path], limit: .seconds(300))
    }
}

import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import SystemPackage

extension Supervisor {
    /// Does one thing, between its kill points.
    ///
    /// - Returns: what to tell the machine of it.
    func perform(_ effect: SupervisorEffect) -> SupervisorEvent? {
        switch effect {
        case .start(let name): return between(effect.name) { start(name) }
        case .signal(let name, let signal):
            between(effect.name) { send(signal, to: name) }
            return nil
        case .finish(let drained):
            KillPoints.reach("supervisor.\(SupervisorEffectName.finish.rawValue).before")
            if drained { leave() }
            return nil
        }
    }

    /// Takes note of a daemon that ended.
    func collect(_ name: String, _ process: Running) {
        let end = process.isChild ? ProcessStart.collect(process.handle.identity.pid) : .unknown
        running[name] = nil
        note(end, of: name)
        Self.log("\(name) \(end), pid \(process.handle.identity.pid)")
        switch end {
        case .exited(0): tell(.ended(name, .clean))
        case .exited, .killed: tell(.ended(name, .unclean))
        case .unknown: tell(.ended(name, .unknown))
        }
    }

    func note(_ end: ProcessEnd, of name: String) {
        records[name]?.lastEnd = SystemClock.timestamp()
        records[name]?.lastReason = end.description
    }

    /// Writes down what `foundry status` shows, if it changed.
    func saveRecords() {
        for daemon in daemons where records[daemon.name]?.nextStart == nil {
            guard let next = machine.nextStart(of: daemon.name) else { continue }
            records[daemon.name]?.nextStart = SystemClock.timestamp() + max(0, next - SystemClock.monotonic())
        }
        guard hasNews else { return }
        hasNews = false
        do { try DaemonRecord.save(Array(records.values), to: paths.daemonRecords) } catch {
            Self.log("\(paths.daemonRecords): \(error)")
        }
    }

    private func start(_ name: String) -> SupervisorEvent {
        guard let daemon = daemons.first(where: { $0.name == name }) else { return .notStarted(name) }
        records[name]?.nextStart = nil
        do throws(FoundryError) {
            if daemon.hasOwnMounts { try pin() }
            let output = try log(of: name).open()
            defer { try? output.close() }
            let command = daemon.hasOwnMounts ? namespace.entering(daemon.command) : daemon.command
            let pid = try ProcessStart(command: command, output: output, pidFile: paths.pidFile(name)).run()
            running[name] = Running(handle: try ProcessHandle.child(pid), isChild: true)
            records[name]?.starts += 1
            Self.log("\(name) started, pid \(pid)")
            return .started(name)
        } catch {
            records[name]?.lastEnd = SystemClock.timestamp()
            records[name]?.lastReason = error.message
            Self.log("\(name) could not be started: \(error)")
            return .notStarted(name)
        }
    }

    private func send(_ signal: DaemonSignal, to name: String) {
        Self.log("\(name): \(signal)")
        switch signal {
        case .terminate: running[name]?.handle.signal(SIGTERM)
        case .drain: running[name]?.handle.signal(SIGUSR1)
        case .kill: running[name]?.handle.signal(SIGKILL)
        }
    }

    private func pin() throws(FoundryError) {
        guard !namespace.isPinned else { return }
        KillPoints.reach("supervisor.\(SupervisorEffectName.namespacePin.rawValue).before")
        try namespace.make(output: .standardOutput)
        KillPoints.reach("supervisor.\(SupervisorEffectName.namespacePin.rawValue).after")
        Self.log("mount namespace pinned at \(namespace.pin)")
    }

    /// Members are stopped: nothing is left that needs the namespace or the run directory's files.
    private func leave() {
        between(.namespaceUnpin) {
            do throws(FoundryError) { try namespace.remove(output: .standardOutput) } catch { Self.log("\(error)") }
        }
        RunDirectory.tidy(paths)
    }

    @discardableResult
    private func between<Result>(_ name: SupervisorEffectName, _ work: () -> Result) -> Result {
        KillPoints.reach("supervisor.\(name.rawValue).before")
        let result = work()
        KillPoints.reach("supervisor.\(name.rawValue).after")
        return result
    }
}

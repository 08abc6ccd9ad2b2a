import FoundryModel

extension SupervisorMachine {
    mutating func adopt(_ names: [String], _ now: MonotonicTime) throws(SupervisorRefusal) -> [SupervisorEffect] {
        guard !hasBegun else { throw SupervisorRefusal(description: "it has begun already") }
        var indices: [Int] = []
        for name in names { indices.append(try index(of: name)) }
        hasBegun = true
        return indices.flatMap { run($0, now, told: false) }
    }

    mutating func start(_ name: String, _ now: MonotonicTime) throws(SupervisorRefusal) -> [SupervisorEffect] {
        let index = try index(of: name)
        guard items[index].phase == .starting else {
            throw SupervisorRefusal(description: "\(name) was not being started")
        }
        return run(index, now, told: true)
    }

    mutating func end(
        _ name: String, _ how: DaemonEnd, ifStarting: Bool, _ now: MonotonicTime
    ) throws(SupervisorRefusal) {
        let index = try index(of: name)
        var ranFor: Int64 = 0
        switch items[index].phase {
        case .starting where ifStarting: break
        case .running(let since, _) where !ifStarting: ranFor = now - since
        case .absent, .starting, .running, .done: throw SupervisorRefusal(description: "\(name) cannot have ended now")
        }
        let hasDrained = mode == .draining && items[index].daemon.drains && how == .clean
        guard !hasDrained else { return items[index].phase = .done }
        items[index].phase = .absent(nextStart: now + items[index].restart.delay(afterRunOf: ranFor))
    }

    mutating func stop(_ now: MonotonicTime) throws(SupervisorRefusal) -> [SupervisorEffect] {
        switch mode {
        case .serving: return stop(drained: false, now)
        case .stopping, .finished: return []
        case .draining:
            throw SupervisorRefusal(description: "members are being stopped, which ends with the end of ours")
        }
    }

    mutating func drain(_ now: MonotonicTime) throws(SupervisorRefusal) -> [SupervisorEffect] {
        switch mode {
        case .serving: break
        case .draining: return []
        case .stopping, .finished: throw SupervisorRefusal(description: "ours are ending already, members stay")
        }
        become(.draining)
        var effects: [SupervisorEffect] = []
        for index in items.indices {
            guard items[index].daemon.drains else { continue }
            switch items[index].phase {
            case .absent: items[index].phase = .absent(nextStart: now)
            case .running: effects += run(index, now, told: false)
            case .starting, .done: break
            }
        }
        return effects
    }

    /// Everything that the mode and the time ask for.
    mutating func due(_ now: MonotonicTime) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        if mode == .draining, !items.contains(where: { $0.daemon.drains && $0.phase != .done }) {
            effects += stop(drained: true, now)
        }
        for index in items.indices {
            switch items[index].phase {
            case .absent(let nextStart) where isWanted(items[index]) && nextStart <= now:
                items[index].phase = .starting
                effects.append(.start(items[index].daemon.name))
            case .running(let since, let killAt?) where killAt <= now:
                items[index].phase = .running(since: since, killAt: now + limits.stopMilliseconds)
                effects.append(.signal(items[index].daemon.name, .kill))
            case .absent, .starting, .running, .done: break
            }
        }
        if case .stopping(let drained) = mode, !items.contains(where: \.isThere) {
            become(.finished)
            effects.append(.finish(drained: drained))
        }
        return effects
    }

    /// - Parameter told: it began after the word to drain was written down, so it knows.
    private mutating func run(_ index: Int, _ now: MonotonicTime, told: Bool) -> [SupervisorEffect] {
        let name = items[index].daemon.name
        let wasRunning: MonotonicTime? = if case .running(let since, _) = items[index].phase { since } else { nil }
        if wasRunning == nil { items[index].starts += 1 }
        var killAt: MonotonicTime?
        var effects: [SupervisorEffect] = []
        switch mode {
        case .draining where items[index].daemon.drains:
            killAt = now + limits.drainMilliseconds
            if !told { effects.append(.signal(name, .drain)) }
        case .stopping:
            killAt = now + limits.stopMilliseconds
            effects.append(.signal(name, .terminate))
        case .serving, .draining, .finished: break
        }
        items[index].phase = .running(since: wasRunning ?? now, killAt: killAt)
        return effects
    }

    private mutating func stop(drained: Bool, _ now: MonotonicTime) -> [SupervisorEffect] {
        become(.stopping(drained: drained))
        var effects: [SupervisorEffect] = []
        for index in items.indices {
            guard case .running = items[index].phase else { continue }
            effects += run(index, now, told: false)
        }
        return effects
    }

    private func index(of name: String) throws(SupervisorRefusal) -> Int {
        guard let index = items.firstIndex(where: { $0.daemon.name == name }) else {
            throw SupervisorRefusal(description: "no daemon is called \(name)")
        }
        return index
    }
}

extension SupervisorMachine.Item {
    fileprivate var isThere: Bool {
        switch phase {
        case .starting, .running: true
        case .absent, .done: false
        }
    }
}

import FoundryModel
import FoundryRules

/// The tables of the machines on a cell: each state is reached by events, each event is given in each state.
enum TransitionMachines {
    private static let one = SessionID("s1")!
    private static let two = SessionID("s2")!
    private static let timing = SessionTiming.normal

    // The cell's session

    private struct Session {
        var bench: CellSessionBench
        var isPending: Bool
        var wasFed: Bool

        var name: String {
            switch (bench.machine.held, isPending, wasFed) {
            case (.held, false, _): "holds"
            case (.held, true, _): "renews"
            case (.none, true, true): "asks, guards armed"
            case (.none, true, false): "asks"
            case (.none, false, _): "waits"
            }
        }

        /// - Returns: what was done, in words.
        mutating func tell(_ event: CellSessionEvent, _ time: Int64) -> [String] {
            let decision = bench.decide(event, time)
            switch event {
            case .answered, .failed: if decision.rejection == nil { isPending = false }
            case .guardsFired: (isPending, wasFed) = (false, false)
            case .tick: break
            }
            for effect in decision.effects {
                switch effect {
                case .send: isPending = true
                case .feed: wasFed = true
                case .fireGuards: wasFed = false
                case .changed, .beginAnew: break
                }
            }
            return decision.rejection.map { ["refused: \(words($0))"] } ?? decision.effects.map(words)
        }

        private func words(_ effect: CellSessionEffect) -> String {
            switch effect {
            case .send(let request, _): request.session == nil ? "asks for a session" : "sends a renewal"
            case .feed: "feeds the guards"
            case .changed(let session): session == nil ? "holds none" : "holds it"
            case .beginAnew: "begins anew, as another incarnation"
            case .fireGuards: "fires the guards"
            }
        }

        private func words(_ rejection: CellSessionRejection) -> String {
            switch rejection {
            case .notTheNewest: "not of the newest request"
            case .anotherSession: "another session than its own"
            }
        }
    }

    static var session: TransitionTable {
        var table = TransitionTable(
            "A cell's session",
            "`CellSessionMachine`. R is 1 s, F is 5 s; the next renewal is not due yet.")
        let fence = FenceID("f1")!
        let events: [(String, Int64, (UInt64) -> CellSessionEvent)] = [
            ("R has passed since it asked last", 2_000, { _ in .tick }),
            ("age F", 5_000, { _ in .tick }),
            ("granted", 1_200, { .answered(number: $0, .granted(one, sequence: 2)) }),
            ("an older answer", 1_200, { .answered(number: $0 &- 1, .granted(one, sequence: 2)) }),
            ("granted another session", 1_200, { .answered(number: $0, .granted(two, sequence: 1)) }),
            ("expired", 1_200, { .answered(number: $0, .refused(.expired(fence))) }),
            ("held by another", 1_200, { .answered(number: $0, .refused(.heldByAnother)) }),
            ("its disk is of an earlier time", 1_200, { .answered(number: $0, .refused(.diskOlder)) }),
            ("unknown", 1_200, { .answered(number: $0, .refused(.unknown)) }),
            ("another sequence", 1_200, { .answered(number: $0, .refused(.sequenceIs(7))) }),
            ("the store is not available", 1_200, { .answered(number: $0, .refused(.unavailable)) }),
            ("it could not be sent", 1_200, { .failed(number: $0) }),
            ("the guards acted", 1_200, { _ in .guardsFired }),
        ]
        for (state, number) in sessions {
            for (event, time, make) in events {
                var session = state
                // Before the next request is due, where none is under way.
                let isEarly = time < 2_000 && state.name == "holds"
                let effects = session.tell(make(number), isEarly ? 500 : time)
                table.add(state.name, event, session.name, effects)
            }
        }
        return table
    }

    /// Each state, and the number of the newest request.
    private static var sessions: [(Session, UInt64)] {
        var asks = Session(bench: CellSessionBench(timing), isPending: false, wasFed: false)
        _ = asks.tell(.tick, 1_000)
        var waits = asks
        _ = waits.tell(.answered(number: 1, .refused(.heldByAnother)), 1_050)
        let holds = Session(bench: .holding(timing), isPending: false, wasFed: true)
        var renews = holds
        _ = renews.tell(.tick, 1_000)
        var unknown = renews
        _ = unknown.tell(.answered(number: 2, .refused(.unknown)), 1_100)
        return [(asks, 1), (waits, 1), (holds, 1), (renews, 2), (unknown, 3)]
    }

    // The sentinel

    private static func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    private static func words(_ effects: GuardEffects, _ rejection: String?) -> [String] {
        if let rejection { return ["refused: \(rejection)"] }
        let names: [(GuardEffects, String)] = [
            (.freeze, "freeze"), (.kill, "kill"), (.check, "check"), (.thaw, "thaw"), (.reboot, "reboot"),
            (.feedWatchdog, "feed the watchdog"), (.tell, "tell"),
        ]
        return names.filter { effects.contains($0.0) }.map(\.1)
    }

    static var sentinel: TransitionTable {
        var table = TransitionTable(
            "The sentinel", "`SentinelMachine`. F is 5 s, K is 0.5 s; the watchdog was fed a moment ago.")
        let events: [(String, Int64, SentinelEvent)] = [
            ("fed", 100, .fed(one, sentAt: time(90))), ("fed under a newer session", 100, .fed(two, sentAt: time(90))),
            ("fed with a renewal older than F", 100, .fed(one, sentAt: time(-6_000))), ("age F", 5_000, .tick),
            ("K has passed", 501, .tick), ("told to fire", 100, .fire), ("told that nothing is guarded", 100, .disarm),
            ("all are frozen", 100, .frozen), ("a check found none", 100, .killed(remaining: 0)),
            ("a check found one", 100, .killed(remaining: 1)),
            ("unlatch under the session it fired under", 100, .unlatch(one)),
            ("unlatch under a newer session", 100, .unlatch(two)), ("the cell's process died", 100, .cellGone),
        ]
        for (name, sentinel) in sentinels {
            for (event, at, what) in events {
                var machine = sentinel
                let decision = machine.handle(what, now: time(at))
                let effects = decision.effects.subtracting(.feedWatchdog)
                let next = "\(machine.state)\(machine.session == two && machine.state == .latched ? ", fed anew" : "")"
                table.add(name, event, next, words(effects, decision.rejection.map { "\($0)" }))
            }
        }
        return table
    }

    private static var sentinels: [(String, SentinelMachine)] {
        var idle = SentinelMachine(timing: timing, now: time(0))
        _ = idle.handle(.tick, now: time(0))
        var armed = idle
        _ = armed.handle(.fed(one, sentAt: time(0)), now: time(0))
        var firing = armed
        _ = firing.handle(.fire, now: time(0))
        var latched = firing
        _ = latched.handle(.killed(remaining: 0), now: time(0))
        var fed = latched
        _ = fed.handle(.fed(two, sentAt: time(0)), now: time(0))
        var failed = firing
        _ = failed.handle(.tick, now: time(500))
        return [
            ("idle", idle), ("armed", armed), ("firing", firing), ("latched", latched), ("latched, fed anew", fed),
            ("failed", failed),
        ]
    }

    static var watcher: TransitionTable {
        var table = TransitionTable(
            "Who watches the sentinel", "`GuardWatcher`, in the cell's process and in a second watcher. K is 0.5 s.")
        let events: [(String, Int64, GuardWatchEvent)] = [
            ("a sentinel lives", 1, .sentinelLives), ("the sentinel died", 1, .sentinelDied),
            ("all are frozen", 1, .frozen), ("a check found none", 1, .killed(remaining: 0)),
            ("a check found one", 1, .killed(remaining: 1)), ("K has passed", 501, .tick),
        ]
        var unwatched = GuardWatcher(timing: timing)
        var states = [unwatched]
        _ = unwatched.handle(.sentinelLives, now: time(0))
        states.append(unwatched)
        _ = unwatched.handle(.sentinelDied, now: time(0))
        states.append(unwatched)
        var failed = unwatched
        _ = unwatched.handle(.killed(remaining: 0), now: time(0))
        states.append(unwatched)
        _ = failed.handle(.tick, now: time(500))
        for state in states + [failed] {
            for (event, at, what) in events {
                var machine = state
                let decision = machine.handle(what, now: time(at))
                table.add(
                    "\(state.state)", event, "\(machine.state)",
                    words(decision.effects, decision.rejection.map { "\($0)" }))
            }
        }
        return table
    }

    // Labels

    /// What a cell does with a volume, by the label that it finds and what the order wants it for.
    static var labels: TransitionTable {
        var table = TransitionTable(
            "A volume's label on its cell",
            "`VolumeRule`. The order's epoch is 5 of branch 1; its last holder sealed it, or a replica followed it, under epoch 4."
        )
        let id = VolumeID("v1")!
        let member = MemberID("m")!
        let purposes: [(String, VolumePurpose)] = [
            ("serve, never made", .serve(member, sealedAt: .none, mayCreate: true)),
            ("serve", .serve(member, sealedAt: Epoch(4), mayCreate: false)),
            ("promote", .promote(member, from: CopyOrigin(branch: 1, epoch: Epoch(4)))),
            ("follow, never made", .follow(member, mayCreate: true)), ("follow", .follow(member, mayCreate: false)),
        ]
        for (found, observation) in found(id) {
            for (purpose, what) in purposes {
                let order = VolumeOrder(
                    id: id, lineage: LineageID("l")!, branch: 1, epoch: Epoch(5), size: .megabytes(1), directories: [],
                    purpose: what)
                let verdict = VolumeRule.decide(order, observation: observation, site: VolumeSite(machineID: "here"))
                table.add(found, purpose, next(verdict, observation, order), doing(verdict, observation, order))
            }
        }
        return table
    }

    private static func found(_ id: VolumeID) -> [(String, VolumeObservation?)] {
        func label(_ epoch: UInt64, _ role: VolumeRole, sealed: Bool, machine: String = "here") -> VolumeObservation {
            let label = VolumeLabel(
                volume: id, lineage: LineageID("l")!, branch: 1, epoch: Epoch(epoch), role: role, sealed: sealed,
                machineID: machine, size: .megabytes(1))
            return VolumeObservation(id: id, label: .label(label))
        }
        var rows: [(String, VolumeObservation?)] = [("nothing", nil)]
        rows.append(("no label", VolumeObservation(id: id, label: .absent)))
        rows.append(("unreadable", VolumeObservation(id: id, label: .unreadable("noise"))))
        for epoch in [UInt64(3), 4, 5, 6] {
            rows.append(("holder, \(epoch), sealed", label(epoch, .holder, sealed: true)))
            rows.append(("holder, \(epoch), not sealed", label(epoch, .holder, sealed: false)))
            rows.append(("replica, \(epoch)", label(epoch, .replica, sealed: false)))
        }
        rows.append(("holder, 5, not sealed, another machine's", label(5, .holder, sealed: false, machine: "there")))
        rows.append(("replica, 4, another machine's", label(4, .replica, sealed: false, machine: "there")))
        return rows
    }

    private static func next(
        _ verdict: VolumeRule.Verdict, _ found: VolumeObservation?, _ order: VolumeOrder
    ) -> String {
        guard case .accept = verdict, case .label(let label)? = found?.label else { return "" }
        let next = VolumeRule.label(label, for: order, machineID: "here")
        return "\(next.role), \(next.epoch)\(next.sealed ? ", sealed" : next.role == .holder ? ", not sealed" : "")"
    }

    private static func doing(
        _ verdict: VolumeRule.Verdict, _ found: VolumeObservation?, _ order: VolumeOrder
    ) -> [String] {
        switch verdict {
        case .create: ["is made"]
        case .accept:
            if case .label(let label)? = found?.label {
                label == VolumeRule.label(label, for: order, machineID: "here") ? ["goes on"] : ["is relabelled"]
            } else {
                []
            }
        case .awaitGrant: ["waits for the next epoch"]
        case .refuse(let error): ["refused: `\(error.code.rawValue)`"]
        }
    }
}

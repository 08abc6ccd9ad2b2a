import FoundryModel
import FoundryRules

/// A story of the cell. What it does is done to a modelled machine, which the next process of it finds.
///
///     > TIME observe                                     a cell process begins
///     > TIME orders REVISION [term=N] demo.1@2+v1 v1=e1/serve:demo/sealed:e0/new
///     > TIME done all | done EFFECT SUBJECT | failed EFFECT SUBJECT
///     > TIME ended demo | unmonitored demo | serves demo | silent demo
///     > TIME tick | drain | report | wake | given v1=e1/sealed
///     > TIME knows demo                                  which peers a member was told of
///     > TIME life INCARNATION [home=MACHINE]           what the data directory says of itself
///     > TIME session s1 | session none | fired | thawed | guards
///
/// A member is `name.generation@slot`, `+volume` where it has one, `/stopped` where it shall not run, `/guarded`, `/replica`, `/from:MEMBER`,
/// `/waits:MEMBERS`, `/peers:MEMBER=SLOT,...`, `/founded`, `/bound:PORT,...`. A verb's order is `b1!MEMBER.VERB`. A volume's order is `serve:MEMBER/sealed:EPOCH`, with `/new` where it may be made, `promote:MEMBER/from:EPOCH.BRANCH`,
/// `follow:MEMBER`, `keep` or `delete`, with `/b2` for another branch; a given label is its epoch with `/sealed`, `/inside:EPOCH`, `/foreign`, `/replica`,
/// `/elsewhere`, or one of `unreadable`, `empty`, `missing`. Orders may have `session=s1` and `fence=f1:v1@e3`.
struct CellStory {
    private var cell = Self.newCell()
    private var machine = ModelMachine()
    private var inFlight: [CellEffect] = []
    private var checking: [HealthProbeOrder] = []
    private var now = Samples.moment()

    static func retold(_ text: String) throws -> String {
        var story = CellStory()
        return try StoryFolder.retell(text) { try story.play($0) }
    }

    private static func newCell() -> CellMachine {
        CellMachine(subnet: Samples.configuration().subnet, limits: Samples.configuration().restart)
    }

    private mutating func play(_ words: [String]) throws -> [String] {
        guard words.count >= 2, let time = Int64(words[0]) else { throw StoryFolder.Unreadable("\(words)") }
        now = Samples.moment(time)
        let rest = Array(words.dropFirst(2))
        switch words[1] {
        case "observe":
            (cell, inFlight, checking) = (Self.newCell(), [], [])
            return tell(.observed(machine.observe()))
        case "orders": return tell(.orders(try CellStoryWords.orders(rest)))
        case "done" where rest == ["all"]: return doAll()
        case "done": return finish(try effect(rest))
        case "failed": return fail(try effect(rest))
        case "ended": return change(machine.endProcess(try member(rest), now: now.wall))
        case "unmonitored": return change(machine.killMonitor(try member(rest)))
        case "serves": return try answer(rest, true)
        case "silent": return try answer(rest, false)
        case "tick": return tell(.tick)
        case "drain": return tell(.drain) + drained()
        case "report": return CellStoryWords.report(cell.report(cell: Samples.cell, sequence: 1))
        case "wake": return ["wakes at \(cell.nextWake(now: now).map { CellStoryWords.time($0) } ?? "no time")"]
        case "given": try CellStoryWords.given(rest, &machine)
        case "life": try live(rest)
        case "knows": return ["knows \((machine.hosts[try member(rest)] ?? []).joined(separator: " "))"]
        case "session": return tell(.session(rest.first.flatMap { $0 == "none" ? nil : SessionID($0) }))
        case "fired":
            machine.isLatched = true
            return tell(.guardsFired)
        case "guards":
            return [
                "guards \(cell.guardedVolumes().map { "\($0.volume) at epoch \($0.epoch) of orders \($0.ordersRevision)" })"
            ]
        case "thawed": return machine.endGuarded(now: now.wall).flatMap { tell(.containerChanged($0)) }
        default: throw StoryFolder.Unreadable("\(words)")
        }
        return []
    }

    /// `i1 home=OTHER`
    private mutating func live(_ words: [String]) throws {
        machine.incarnation = words.first.flatMap { IncarnationID($0) }
        machine.homeMachineID = words.first { $0.hasPrefix("home=") }.map { String($0.dropFirst(5)) }
    }

    private mutating func tell(_ event: CellEvent) -> [String] {
        switch cell.handle(event, now: now) {
        case .failure(let refused): return ["rejected: \(CellStoryWords.rejection(refused.reason))"]
        case .success(let effects):
            inFlight += effects
            let probes = cell.takeProbes(now: now.monotonic)
            checking += probes
            return effects.map(CellStoryWords.effect)
                + probes.map { "checks \($0.member) at \($0.address):\($0.asks.port ?? 0)" }
        }
    }

    private mutating func doAll() -> [String] {
        var lines: [String] = []
        while let effect = inFlight.first { lines += finish(effect) }
        return lines + drained()
    }

    private mutating func finish(_ effect: CellEffect) -> [String] {
        inFlight.removeAll { $0 == effect }
        let result = machine.apply(effect, now: now.wall)
        return tell(.done(effect, result))
    }

    private mutating func fail(_ effect: CellEffect) -> [String] {
        inFlight.removeAll { $0 == effect }
        return tell(.failed(effect, FoundryError(.commandFailed, "A program failed.")))
    }

    private mutating func change(_ container: ContainerObservation?) -> [String] {
        container.map { tell(.containerChanged($0)) } ?? ["nothing runs there"]
    }

    private mutating func answer(_ words: [String], _ isServing: Bool) throws -> [String] {
        let member = try member(words)
        guard let probe = checking.last(where: { $0.member == member }) else {
            throw StoryFolder.Unreadable("no check of \(member) is due")
        }
        checking.removeAll { $0.member == member }
        return tell(.probed(member, pid: probe.pid, probe.role, isServing ? .serves : .fails(.refused)))
    }

    private func drained() -> [String] { cell.isDrained ? ["is drained"] : [] }

    private func effect(_ words: [String]) throws -> CellEffect {
        guard let effect = inFlight.first(where: { [$0.name.rawValue, $0.subject] == words }) else {
            throw StoryFolder.Unreadable("not in flight: \(words); in flight: \(inFlight.map(CellStoryWords.effect))")
        }
        return effect
    }

    private func member(_ words: [String]) throws -> MemberID {
        guard words.count == 1, let member = MemberID(words[0]) else { throw StoryFolder.Unreadable("\(words)") }
        return member
    }
}

import FoundryModel
import FoundryRules
import Testing

@Suite("A cell among many, before its first session")
struct CellFirstSessionTests {
    /// Does everything that is decided upon the event.
    private static func play(
        _ event: CellEvent, _ machine: inout CellMachine, _ world: inout ModelMachine
    ) -> [CellEffectName] {
        var (names, waiting) = ([CellEffectName](), Self.effects(event, &machine))
        while !waiting.isEmpty {
            let effect = waiting.removeFirst()
            names.append(effect.name)
            waiting += effects(.done(effect, world.apply(effect, now: Samples.start)), &machine)
        }
        return names
    }

    private static func effects(_ event: CellEvent, _ machine: inout CellMachine) -> [CellEffect] {
        if case .success(let effects) = machine.handle(event, now: Samples.moment()) { return effects }
        return []
    }

    @Test("Nothing is started, guarded or not: nobody has said yet that its disk is not of an earlier time")
    func first() {
        var world = ModelMachine()
        var machine = CellMachine(subnet: "10.77.3", limits: RestartLimits(), holdsSessions: true)
        let orders = CellEvent.orders(CellBench.orders(1, hasVolume: false))
        _ = Self.play(.observed(world.observe()), &machine, &world)
        let before = Self.play(orders, &machine, &world)
        #expect(before.contains(.rootfsMount) && !before.contains(.containerCreate))
        #expect(Self.play(.session(nil), &machine, &world).isEmpty)
        #expect(Self.play(.session(SessionID("s1")), &machine, &world) == [.containerCreate, .containerStart])
    }

    @Test("Once it held one, what is not guarded is started without, too: the control plane may be away")
    func later() {
        var world = ModelMachine()
        var machine = CellMachine(subnet: "10.77.3", limits: RestartLimits(), holdsSessions: true)
        _ = Self.play(.observed(world.observe()), &machine, &world)
        _ = Self.play(.session(SessionID("s1")), &machine, &world)
        _ = Self.play(.session(nil), &machine, &world)
        let started = Self.play(.orders(CellBench.orders(1, hasVolume: false)), &machine, &world)
        #expect(started.suffix(2) == [.containerCreate, .containerStart])
        var guarded = CellBench.orders(2, generation: 2, hasVolume: false)
        guarded.members[0].isGuarded = true
        #expect(!Self.play(.orders(guarded), &machine, &world).contains(.containerCreate))
    }

    @Test("Where no sessions are held there is nothing to wait for")
    func alone() {
        var world = ModelMachine()
        var machine = CellMachine(subnet: "10.77.3", limits: RestartLimits())
        _ = Self.play(.observed(world.observe()), &machine, &world)
        let started = Self.play(.orders(CellBench.orders(1, hasVolume: false)), &machine, &world)
        #expect(started.suffix(2) == [.containerCreate, .containerStart])
    }
}

import FoundryModel

/// What every machine of the world has: power, clocks, and times at which it stands still.
final class Machine {
    let node: NodeNumber
    var clock: MachineClock
    private(set) var isOn = true
    private(set) var onSince = SimulationTime(microseconds: -1)
    /// A device keeps its power off, whatever comes back on the line: until a person lets it on.
    var isHeldOff = false
    /// Of this boot; grows.
    private(set) var boot: Int32 = 1
    /// What came while it stood still, in order.
    var held: [HeldInput] = []
    /// Grows with each pause.
    var pauses: Int32 = 0

    init(node: NodeNumber, clock: MachineClock) {
        self.node = node
        self.clock = clock
    }

    var isPaused: Bool { clock.isPaused }
    var runs: Bool { isOn && !isPaused }

    /// The identifier of the boot, as the machine's kernel tells it.
    var bootID: String { clock.bootID(machine: node) }

    func losePower(at now: SimulationTime) {
        if isPaused { clock.resume(at: now) }
        isOn = false
        boot += 1
        held = []
    }

    func power(at now: SimulationTime) {
        clock.boot(at: now)
        isOn = true
        onSince = now
    }
}

/// Something that reached a machine while it stood still.
enum HeldInput {
    case event(WorldEvent)
    case message(SimulatedNetwork<Payload>.Message)
    case streamEnd(SimulatedNetwork<Payload>.StreamHandle)
}

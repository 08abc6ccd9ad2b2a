import FoundryModel
import FoundryRules

/// A cell: its machine with disk, kernel, containers and guards, and the processes of ours on it.
///
/// The cell's process can die and stand still; what it did to the machine stays, and a new one observes it.
final class CellNode {
    unowned(unsafe) let world: World
    let index: Int
    let id: CellID
    let machine: Machine
    var machineID: String
    var disk: CellDisk
    /// Owners of what was asked of the disk while it hung.
    var stalled: [DiskOperation: DiskOwner] = [:]
    let capacity: CellCapacity
    var isPausable = false

    // The kernel, gone with a reboot.
    var containers: [Container?] = []
    var bySlot = [Int16](repeating: -1, count: 256)
    var streams: [WorldStream: Int16] = [:]
    var mounted: Set<Int> = []
    var rootfs: Set<MemberID> = []
    var networks: Set<Int> = []
    var wholeNetworks: Set<Int> = []
    var links = NetworkLinks()
    var unpacked: Set<String> = []
    var nextPid: Int32 = 100
    var isFrozen = false
    /// By the clock of nft, which does not count suspension.
    var portsUntil = MonotonicTime(milliseconds: 0)
    var portsUnder: SessionID?
    var watchdogAt = SimulationTime.never
    var isWatchdogPending = false
    var hasWatchdog = true
    /// The elements of nft stay although their time is over.
    var arePortsBroken = false
    /// Grows with each report of one boot.
    var reportSequence: Int64 = 0

    // The sentinel and the second watcher.
    var sentinel: SentinelMachine?
    var sentinelProcess = ProcessState()
    var sentinelWake = EventQueue<WorldEvent>.Handle.none
    var watcher: GuardWatcher?
    var watcherProcess = ProcessState()
    var watcherWake = EventQueue<WorldEvent>.Handle.none

    // The cell's process.
    var process = ProcessState()
    var inbox: [CellInput] = []
    var brain: CellMachine
    var session: CellSessionMachine?
    var ownWatcher: GuardWatcher?
    /// Of the sentinel that told it.
    var toldLife: Int32 = 0
    var told: (state: SentinelState, session: SessionID?) = (.idle, nil)
    var runs: [Int32: EffectRun] = [:]
    var nextRun: Int32 = 0
    var requests: [UInt64: SessionRequest] = [:]
    var wake = EventQueue<WorldEvent>.Handle.none
    var wakeAt = SimulationTime.never
    var server = 0
    var unansweredRequests = 0
    var orderStream: WorldStream = .none
    var heardAt = SimulationTime.zero
    var ordersTerm: Term?
    /// That its process was told last.
    var ordersRevision: Int64 = 0
    /// That it followed until a moment ago, and when it was told others: what begins now may have been decided under those.
    var ordersBefore: (revision: Int64, until: SimulationTime) = (0, .zero)
    var reportedChanges = -1
    var isReportDue = false
    var lastReport: CellReport?
    var lastReportAt = SimulationTime.zero
    var takenSequence: Int64 = 0

    init(world: World, index: Int, machine: Machine) {
        self.world = world
        self.index = index
        self.machine = machine
        id = world.names.cells[index]
        machineID = "m\(index).1"
        capacity = world.settings.capacity
        disk = CellDisk(random: world.random.root.stream("cell", index), counters: world.counters)
        brain = CellMachine(subnet: "10.77.\(index)", limits: world.configuration.restart)
        server = index % world.settings.servers
    }

    var node: NodeNumber { machine.node }
    var now: Moment { machine.clock.moment(at: world.now) }
    /// As the guards and the session read time.
    var guardNow: MonotonicTime {
        SessionClock.reading(
            boot: machine.clock.monotonic(at: world.now).milliseconds,
            awake: machine.clock.monotonicAwake(at: world.now).milliseconds)
    }

    /// The cell's machine has booted, and its supervisor starts what is ours.
    func boot() {
        startSentinel()
        startWatcher()
        startProcess()
    }

    /// Everything that lives in memory is gone.
    func losePower() {
        for container in containers.compactMap({ $0 }) { die(container) }
        disk.losePower()
        stalled = [:]
        containers = []
        bySlot = [Int16](repeating: -1, count: 256)
        streams = [:]
        mounted = []
        rootfs = []
        networks = []
        wholeNetworks = []
        links = NetworkLinks()
        isFrozen = false
        portsUntil = MonotonicTime(milliseconds: 0)
        portsUnder = nil
        watchdogAt = .never
        isWatchdogPending = false
        reportSequence = 0
        lastReport = nil
        takenSequence = 0
        sentinelProcess.end()
        watcherProcess.end()
        endProcess()
    }

    func push(_ event: KernelEvent, after delay: SimulationDuration) {
        world.queue.push(.kernel(cell: Int16(index), boot: machine.boot, event), after: delay)
    }
}

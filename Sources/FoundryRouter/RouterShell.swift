import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

/// Drives one HAProxy by the orders of the server.
///
/// It owns the machine that decides; here is only the doing. It does not start HAProxy and bears its absence; it goes on with the last orders while the
/// server is away; and until it has orders it leaves HAProxy as it is, so connections outlive the router.
public actor RouterShell {
    /// What HAProxy has is compared with the orders this often, also when nothing happened.
    static let observationPeriod: Int64 = 30_000

    let layout: ProxyLayout
    let uplink: any RouterUplink
    let journal: EffectJournal
    let logger: Logger
    let signal = RouterSignal()
    let reportSignal = RouterSignal()

    var machine: RouterMachine
    /// Decided and not begun; at most one per port.
    var effects: [RouterEffect] = []
    /// Received and not yet decided on: the newest only.
    var received: RouterOrders?
    var ordersReceived = 0
    var connection: ProxyConnection?
    var connectBackoff = RouterBackoff(first: .milliseconds(10), longest: .milliseconds(250))
    var connectAt = MonotonicTime(milliseconds: 0)
    var observeAt = MonotonicTime(milliseconds: 0)
    /// To be sent: the newest only.
    var unsentReport: RouterReport?
    var lastReport: RouterReport?
    private var timer: Task<Void, Never>?

    /// - Throws: `internal_error` when the journal cannot be opened.
    public init(
        configuration: PlatformConfiguration, paths: Paths, uplink: any RouterUplink, logger: Logger
    ) throws(FoundryError) {
        layout = ProxyLayout(configuration: configuration, paths: paths)
        journal = try EffectJournal(shell: "router", path: paths.journal("router"))
        machine = RouterMachine(ports: layout.ports)
        self.uplink = uplink
        self.logger = logger
    }

    /// Runs until its task is cancelled, and leaves HAProxy as it is then. Once per shell.
    public func run() async {
        for entry in await journal.interrupted {
            logger.info("effect was interrupted", metadata: ["effect": "\(entry.name)", "subject": "\(entry.subject)"])
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.followOrders() }
            group.addTask { await self.sendReports() }
            group.addTask { await self.tellUsage() }
            group.addTask { await self.drive() }
        }
        timer?.cancel()
        connection?.close()
    }

    private func drive() async {
        signal.wake()
        for await _ in signal.wakes {
            while !Task.isCancelled, await step() {}
            offerReport()
            setTimer()
        }
    }

    /// Does one thing.
    ///
    /// - Returns: false when there is nothing to do before the next wake.
    private func step() async -> Bool {
        let now = SystemClock.monotonic()
        if let orders = received {
            received = nil
            decide(.orders(orders))
            lastReport = nil
        } else if let connection {
            return await step(connection, now)
        } else if connectAt <= now {
            await connect()
        } else {
            return false
        }
        return true
    }

    private func step(_ connection: ProxyConnection, _ now: MonotonicTime) async -> Bool {
        if !connection.isOpen {
            disconnect()
        } else if !effects.isEmpty {
            await perform(effects.removeFirst(), connection)
        } else if machine.needsObservation || observeAt <= now {
            await observe(connection)
        } else if let wake = machine.nextWake, wake <= now {
            decide(.tick)
        } else {
            return false
        }
        return true
    }

    func decide(_ event: RouterEvent) {
        let decision = machine.handle(event, now: SystemClock.monotonic())
        effects += decision.effects
        for refusal in decision.refusals { logger.warning("refused", metadata: ["reason": "\(refusal)"]) }
    }

    private func setTimer() {
        timer?.cancel()
        let due = connection == nil ? connectAt : min(observeAt, machine.nextWake ?? observeAt)
        timer = signal.wake(after: .milliseconds(max(1, due - SystemClock.monotonic())))
    }
}

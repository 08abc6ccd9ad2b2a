import FoundryModel
import FoundryRules

/// A device that can cut a cell's power, and how it behaves now.
struct FenceDevice {
    enum Fault: Hashable, Sendable {
        case fails
        /// It says nothing for a minute.
        case hangs
        /// It does what it was told long after it was told.
        case late
        /// It says that it did, and did not.
        case lies
        case statusFails
        /// It takes the order and does nothing, and cannot say its status.
        case half
    }

    let name: String
    /// Whose power it cuts.
    var cell: Int
    var fault: Fault?
}

/// A server uses a device: the answer is under way.
struct DeviceUse {
    var order: PowerOrder
    var outcome: FenceOutcome
}

extension World {
    /// A server uses a fence device; a fence-agents program takes its time.
    func use(_ order: PowerOrder, by server: ServerNode) {
        guard let place = devices.firstIndex(where: { $0.name == order.device }) else { return }
        let device = devices[place]
        var wait = random.devices.duration(in: .milliseconds(400)...(.seconds(3)))
        var outcome = FenceOutcome.succeeded
        // It knows its relay, not whether a machine without power from elsewhere is down.
        let isOn = !cells[device.cell].machine.isHeldOff
        // Its plug is another machine's since the drill: what it says is of that one.
        if let owner = names.index(of: order.cell), owner != device.cell, order.step == .off {
            checker.lied(about: cells[owner])
            checker.moves.begin(cell: device.cell, from: now, to: now)
        }
        switch (order.step, device.fault) {
        case (_, .fails):
            counters.count(.fenceDeviceFailed)
            outcome = .failed("the device refused it")
        case (_, .hangs):
            counters.count(.fenceDeviceHung)
            wait = .seconds(60)
            outcome = .failed("the device did not answer in time")
        case (.off, .lies):
            counters.count(.fenceDeviceLied)
            // One that was never drilled must not be believed.
            if !device.name.hasPrefix("typo") { checker.lied(about: cells[device.cell]) }
        case (.status, .lies): outcome = .saysOff
        case (.off, .half): counters.count(.fenceDeviceHalf)
        case (.status, .statusFails), (.status, .half):
            counters.count(.fenceStatusFailed)
            outcome = .failed("its status could not be read")
        case (.status, _): outcome = isOn ? .saysOn : .saysOff
        case (.off, .late):
            counters.count(.fenceDeviceLate)
            schedule(.powerOff(cell: device.cell), after: random.devices.duration(in: .seconds(5)...(.seconds(30))))
        case (.off, _):
            schedule(.powerOff(cell: device.cell), after: SimulationDuration(microseconds: wait.microseconds / 2))
        }
        nextUse += 1
        uses[nextUse] = DeviceUse(order: order, outcome: outcome)
        queue.push(.server(Int16(server.index), life: server.process.life, .device(nextUse)), after: wait)
    }

    func finishUse(_ number: Int32) -> DeviceUse? { uses.removeValue(forKey: number) }
}

import FoundryModel
import FoundryRules

/// One container on a cell, as the kernel and conmon know it; the program in it is its ``Engine``.
final class Container {
    let index: Int16
    let member: MemberID
    let generation: Int
    let slot: UInt8
    let engine: Engine
    var phase: ContainerPhase
    var isMonitored = true
    /// Its tasks lie in the control group of the guards.
    var isGuarded = false
    var isFrozen = false
    /// It was in the kernel, waiting for its disk, when its group was frozen.
    var freezesLate = false
    /// SIGKILL was sent. Outside of a frozen group it ends; in one it stays until that is thawed (version 1 of control groups), and never runs again.
    var isKilled = false
    /// It runs no instruction any more.
    var isDead = false
    /// What came while it was frozen.
    var held: [EngineInput] = []
    /// Operations of its disk that it waits for.
    var waiting = 0

    init(index: Int16, order: MemberOrder, engine: Engine) {
        self.index = index
        member = order.id
        generation = order.generation
        slot = UInt8(order.slot)
        isGuarded = order.isGuarded
        self.engine = engine
        phase = .created
    }

    var isRunning: Bool {
        if case .running = phase { return true }
        return false
    }

    /// Runs instructions now, if its machine does.
    var runs: Bool { isRunning && !isFrozen && !isDead }

    var observation: ContainerObservation {
        ContainerObservation(member: member, generation: generation, phase: phase, isMonitored: isMonitored)
    }
}

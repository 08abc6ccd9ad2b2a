import FoundryModel
import FoundryRules

/// An effect that the cell's process is carrying out.
struct EffectRun {
    let effect: CellEffect
    /// Steps that are done.
    var step = 0
}

extension CellNode {
    /// The effect is journalled, and begins.
    func begin(_ effect: CellEffect) {
        if world.mayDie(.cell(index), .processKilledBeforeEffect) { return }
        world.reached(effect.name)
        let run = nextRun
        nextRun &+= 1
        runs[run] = EffectRun(effect: effect)
        let most = world.random.effects.heavyTail(least: Self.duration(effect), most: .seconds(30))
        world.queue.push(.cell(Int16(index), life: process.life, .effect(run)), after: most)
        world.mayPause(index)
    }

    /// Its work in the kernel is done, or its next step is due.
    func step(_ run: Int32) {
        guard let current = runs[run] else { return }
        switch carryOut(current, run) {
        case .done(let result): end(run, .done(current.effect, result))
        case .failed(let error): end(run, .failed(current.effect, error))
        case .waits: break
        }
    }

    /// A step that was asked of the disk is done.
    func diskStep(_ run: Int32, _ answer: DiskAnswer<CellFile>) {
        guard let current = runs[run] else { return }
        if case .failed(let error) = answer {
            let text = error == .full ? "there is no space left" : "input/output error"
            return end(
                run, .failed(current.effect, FoundryError(.internalError, "\(current.effect.name.rawValue): \(text)")))
        }
        runs[run]?.step += 1
        step(run)
    }

    private func end(_ run: Int32, _ event: CellEvent) {
        runs[run] = nil
        if world.mayDie(.cell(index), .processKilledAfterEffect) { return }
        feed(event)
    }

    enum Progress {
        case done(CellEffectResult)
        case failed(FoundryError)
        /// For the disk.
        case waits
    }

    /// How long its part takes that is not the disk's; the figures are those of the field.
    private static func duration(_ effect: CellEffect) -> SimulationDuration {
        switch effect {
        case .unpackImage: .milliseconds(180)
        case .createVolume: .milliseconds(120)
        case .mountVolume: .milliseconds(25)
        case .unmountVolume: .milliseconds(12)
        case .createNetwork: .milliseconds(18)
        case .removeNetwork: .milliseconds(9)
        case .mountRootfs, .unmountRootfs: .milliseconds(3)
        case .createContainer: .milliseconds(60)
        case .startContainer: .milliseconds(8)
        case .deleteContainer: .milliseconds(30)
        case .deleteVolume, .deleteSnapshot: .milliseconds(20)
        case .takeSnapshot, .cloneVolume: .milliseconds(80)
        case .runVerb: .milliseconds(70)
        case .linkNetwork: .milliseconds(5)
        case .takeVolume, .tuneVolume, .growVolume, .sealVolume, .stopContainer, .limitContainer, .killContainer,
            .writeHistory, .forgetMember,
            .readVolume, .guardMember, .unguardMember, .wireMember, .writeHosts, .promise, .unlatch:
            .milliseconds(1)
        }
    }
}

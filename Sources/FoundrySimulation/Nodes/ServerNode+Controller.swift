import FoundryModel
import FoundryRules

extension ServerNode {
    /// Becomes the controller, or ceases to be.
    func followTerm() {
        if let held = beat.held {
            guard term?.value.term != held.value.term || controller == nil else { return }
            term = held
            if let old = controller { keepPlain(old.view) }
            controller = ControllerMachine(configuration: world.configuration)
            isFresh = true
            world.checker.controllerBegan(self, held.value.term)
            load()
        } else if controller != nil, !Planted.has(.oldControllerActs) {
            if let old = controller { keepPlain(old.view) }
            controller = nil
            term = nil
        }
    }

    func feedController(_ event: ControllerEvent) {
        guard controller != nil else { return }
        let effects = controller?.handle(event, now: now, using: &random) ?? []
        guard !effects.isEmpty else { return }
        for effect in effects {
            guard process.isAlive else { return }
            perform(effect)
        }
        armWake()
    }

    private func perform(_ effect: ControllerEffect) {
        guard let term else { return }
        if world.mayDie(.server(index), .processKilledBeforeEffect) { return }
        world.reached(effect.name)
        world.checker.acts(self)
        switch effect.action {
        case .transaction: call(.commit(effect.writes(under: term)), .effect(effect))
        case .power(let order): world.use(order, by: self)
        }
    }

    func ended(_ effect: ControllerEffect, _ answer: StoreAnswer?) {
        if world.mayDie(.server(index), .processKilledAfterEffect) { return }
        switch answer {
        case .committed(let revision):
            world.checker.controllerWrote(self, revision: revision)
            feedController(.committed(effect, revision: revision))
        case .conflict: feedController(.conflicted(effect))
        case .unavailable, .alive, .snapshot, nil:
            feedController(.failed(effect, FoundryError(.unreachable, "The store does not answer.")))
        }
        armWake()
    }

    func deviceAnswered(_ number: Int32) {
        guard let use = world.finishUse(number) else { return }
        feedController(.powerAnswered(use.order, use.outcome))
        armWake()
    }

    /// Claims the term, or shows that its holder lives.
    func runBeat() {
        switch beat.tick(now: now) {
        case .claim(let writes), .beat(let writes): call(.commit(writes), .beat)
        case nil: break
        }
    }

    func armWake() {
        guard process.isAlive else { return }
        var next = machine.clock.trueTime(of: beat.nextWake(now: now.monotonic)) ?? .never
        if let due = controller?.nextWake(now: now), let time = machine.clock.trueTime(of: due) {
            next = min(next, time)
        }
        next = max(min(next, world.now + .seconds(5)), world.now + .milliseconds(2))
        guard next < wakeAt || wakeAt <= world.now else { return }
        world.queue.cancel(wake)
        wakeAt = next
        wake = world.queue.push(.server(Int16(index), life: process.life, .wake), at: next)
    }
}

extension ServerNode {
    /// How the controller sees a cell now.
    func sight(of cell: CellID) -> CellSight { controller?.sight(of: cell, now: now.monotonic) ?? .unheard }
}

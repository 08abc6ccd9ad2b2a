import FoundryModel

extension CellNode {
    /// Asks the disk for something; the owner hears of it when it is done.
    func submit(_ request: DiskRequest<CellFile>, for owner: DiskOwner) {
        let ticket = disk.submit(request, at: world.now)
        guard let due = ticket.due else { return stalled[ticket.operation] = owner }
        world.queue.push(.kernel(cell: Int16(index), boot: machine.boot, .disk(ticket.operation, owner)), at: due)
    }

    func submit(_ request: DiskRequest<CellFile>, for owner: DiskOwner, by engine: Engine) {
        containers[Int(engine.container)]?.waiting += 1
        submit(request, for: owner)
    }

    /// An operation is due.
    func diskDone(_ operation: DiskOperation, _ owner: DiskOwner) {
        guard let answer = disk.complete(operation, at: world.now) else {
            if disk.isHung { stalled[operation] = owner }
            return
        }
        switch owner {
        case .append(let container, let pid, _), .follow(let container, let pid, _), .flush(let container, let pid):
            guard let container = self.container(container, pid: pid) else { return }
            container.waiting -= 1
            if container.isKilled, !container.isFrozen { return goneAfterDisk(container) }
            var error: DiskError?
            if case .failed(let failure) = answer { error = failure }
            give(.disk(owner, error), to: container)
        case .effect(_, let life), .probe(_, let life), .identity(let life):
            if life == process.life { tell(.disk(owner, answer)) }
        }
    }

    /// The disk stops answering, or answers again.
    func setDiskHung(_ hangs: Bool) {
        let tickets = disk.setHung(hangs, at: world.now)
        guard !hangs else { return }
        for ticket in tickets {
            guard let owner = stalled.removeValue(forKey: ticket.operation), let due = ticket.due else { continue }
            world.queue.push(.kernel(cell: Int16(index), boot: machine.boot, .disk(ticket.operation, owner)), at: due)
        }
        stalled = [:]
        push(.lateFreeze, after: .milliseconds(50))
        for container in containers.compactMap({ $0 }) where container.isKilled && !container.isFrozen {
            push(.exits(container: container.index, pid: container.engine.pid), after: .milliseconds(5))
        }
    }

    private func goneAfterDisk(_ container: Container) {
        push(.exits(container: container.index, pid: container.engine.pid), after: .milliseconds(2))
    }
}

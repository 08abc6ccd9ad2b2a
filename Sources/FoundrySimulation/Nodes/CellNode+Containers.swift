import FoundryModel
import FoundryRules

extension CellNode {
    func container(_ index: Int16, pid: Int32) -> Container? {
        guard containers.indices.contains(Int(index)), let container = containers[Int(index)],
            container.engine.pid == pid
        else { return nil }
        return container
    }

    func container(of member: MemberID) -> Container? {
        for container in containers where container?.member == member { return container }
        return nil
    }

    /// conmon and the runtime have made it: its process exists and waits.
    func createContainer(_ order: MemberOrder) -> Container {
        let index = containers.firstIndex { $0 == nil } ?? containers.count
        if index == containers.count { containers.append(nil) }
        nextPid += 1
        let engine = Engine(
            cell: self, container: Int16(index), pid: nextPid, order: order,
            workload: world.workload(of: order.app),
            volume: order.volume.map { world.numbers.volume($0) })
        let container = Container(index: Int16(index), order: order, engine: engine)
        containers[index] = container
        bySlot[order.slot] = Int16(index)
        return container
    }

    func startContainer(_ container: Container) {
        container.phase = .running(pid: container.engine.pid, startedAt: now.wall)
        world.checker.started(container, on: self)
        if container.isGuarded, isFrozen { container.isFrozen = true }
        container.isFrozen ? container.held.append(.timer(.begin)) : container.engine.start()
    }

    func deleteContainer(_ container: Container) {
        die(container)
        if bySlot[Int(container.slot)] == container.index { bySlot[Int(container.slot)] = -1 }
        containers[Int(container.index)] = nil
        world.checker.removed(container, on: self)
    }

    /// SIGKILL to all of it.
    func kill(_ container: Container) {
        guard !container.isDead, !container.isKilled else { return }
        container.isKilled = true
        if container.isFrozen { return }
        guard container.isRunning else { return }
        stopInstructions(container)
        // A task that waits for a hung disk ends when that answers.
        if disk.isHung, container.waiting > 0 { return }
        push(.exits(container: container.index, pid: container.engine.pid), after: .milliseconds(5))
    }

    /// It runs no instruction any more; its kernel closes its connections.
    private func stopInstructions(_ container: Container) {
        guard !container.isDead else { return }
        container.isDead = true
        container.held = []
        container.engine.state = .ended
        for stream in streams.filter({ $0.value == container.index }).keys.sorted() {
            streams[stream] = nil
            world.close(stream, by: node)
        }
        world.checker.stopped(container, on: self)
    }

    /// Without its machine.
    func die(_ container: Container) {
        guard !container.isDead else { return }
        container.isDead = true
        container.held = []
        container.engine.state = .ended
        world.checker.stopped(container, on: self)
    }

    /// The program ended by itself.
    func ended(_ engine: Engine, status: Int32) {
        guard let container = container(engine.container, pid: engine.pid) else { return }
        stopInstructions(container)
        end(container, status: status, reason: "exited with status \(status)")
    }

    /// A killed process is gone.
    func exits(_ container: Container) {
        guard container.isRunning, !container.isFrozen, container.isKilled else { return }
        if disk.isHung, container.waiting > 0 { return }
        stopInstructions(container)
        end(container, status: 137, reason: "killed by signal 9")
    }

    private func end(_ container: Container, status: Int32, reason: String) {
        guard container.isRunning else { return }
        container.phase = .ended(MemberExit(time: now.wall, reason: reason, status: status, lastLines: []))
        if bySlot[Int(container.slot)] == container.index { bySlot[Int(container.slot)] = -1 }
        tell(.brain(.containerChanged(container.observation)))
    }

    /// Something for a member's program: at once, or when it is thawed.
    func give(_ input: EngineInput, to container: Container) {
        guard !container.isDead, container.isRunning else { return }
        if container.isFrozen { return container.held.append(input) }
        container.engine.handle(input)
    }

    func later(_ engine: Engine, _ timer: EngineTimer, after delay: SimulationDuration) {
        push(.engine(container: engine.container, pid: engine.pid, timer), after: delay)
    }

    /// A message for a member: the ports of guarded members close when nobody gives them more time.
    func receive(_ request: ClientRequest, from sender: NodeNumber) {
        guard let container = listener(request.slot) else {
            let answer = ClientAnswer(
                client: request.client, outcome: .reset, isRead: request.isRead, pid: 0, number: request.number,
                lineage: -1, track: -1, time: world.now, data: nil)
            return world.send(.answer(answer), from: node, to: sender)
        }
        guard isPortOpen(container) else { return }
        give(.ask(request, from: sender), to: container)
    }

    func receive(_ message: ReplicationMessage, _ stream: WorldStream, from sender: NodeNumber) {
        guard let container = listener(message.slot), message.pid == 0 || message.pid == container.engine.pid else {
            return world.close(stream, by: node)
        }
        guard isPortOpen(container) else { return }
        if streams[stream] == nil { streams[stream] = container.index }
        give(.replication(message, stream, from: sender), to: container)
    }

    private func listener(_ slot: UInt8) -> Container? {
        let index = bySlot[Int(slot)]
        guard index >= 0, let container = containers[Int(index)], container.isRunning else { return nil }
        return container
    }
}

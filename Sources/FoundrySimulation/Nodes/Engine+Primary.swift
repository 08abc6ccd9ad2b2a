import FoundryModel

extension Engine {
    /// A client's request.
    func ask(_ request: ClientRequest, from node: NodeNumber) {
        guard request.pid == 0 || request.pid == pid, state == .serving, role == .primary else {
            return reply(request, to: node, state == .serving && role == .primary ? .reset : .failed)
        }
        // Another database's password: a route that was not told yet leads to whoever has the address now.
        guard world.clients[Int(request.client)].workload == workload else { return reply(request, to: node, .failed) }
        if request.isRead { return reply(request, to: node, .done) }
        guard let volume else {
            world.checker.served(workload)
            return reply(request, to: node, .done)
        }
        write(request, volume, from: node)
    }

    private func write(_ request: ClientRequest, _ volume: Int, from node: NodeNumber) {
        guard !cell.disk.faults.isFull else {
            world.counters.count(.diskFull)
            return reply(request, to: node, .failed)
        }
        let write = DataWrite(epoch: epoch, branch: branch, number: request.number)
        length += 1
        pending.append(
            PendingAnswer(
                position: length, number: request.number, client: request.client, router: Int32(node)))
        world.checker.wrote(write, by: self, volume: volume)
        cell.submit(
            .append(volume: volume, write, synced: syncs == .each),
            for: .append(container: container, pid: pid, position: length), by: self)
        if case .every(let period) = syncs, synced == length - 1 { cell.later(self, .flush, after: period) }
        for follower in followers { send(.append(write, position: length), to: follower) }
    }

    /// Answers whatever has waited enough: for the disk, and for every replica that it was told to wait for.
    func acknowledge() {
        guard hasPending, !isHeldByFlush else { return }
        var limit = syncs == .each ? synced : length
        for member in waitsFor { limit = min(limit, followers.first { $0.member == member }?.has ?? -1) }
        while firstPending < pending.count, pending[firstPending].position <= limit {
            reply(pending[firstPending], .done)
            firstPending += 1
        }
        if firstPending == pending.count || firstPending > 64 {
            pending.removeSubrange(..<firstPending)
            firstPending = 0
        }
    }

    /// An engine that syncs now and then acknowledges nothing more while that takes too long; nor would the platform, which holds it then.
    private var isHeldByFlush: Bool {
        guard case .every(let period) = syncs, isFlushing else { return false }
        return world.now - flushBeganAt > period * 2 + .seconds(1)
    }

    func reply(_ answer: PendingAnswer, _ outcome: ClientAnswer.Outcome) {
        let answer = (
            ClientAnswer(
                client: answer.client, outcome: outcome, isRead: false, pid: pid, number: answer.number,
                lineage: Int32(lineage), track: Int32(track), time: world.now, data: nil),
            Int(answer.router)
        )
        world.send(.answer(answer.0), from: cell.node, to: answer.1)
    }

    private func reply(_ request: ClientRequest, to node: NodeNumber, _ outcome: ClientAnswer.Outcome) {
        let data = request.isRead && outcome == .done ? volume.flatMap { cell.disk.data(ofVolume: $0) } : nil
        world.send(
            .answer(
                ClientAnswer(
                    client: request.client, outcome: outcome, isRead: request.isRead, pid: pid, number: request.number,
                    lineage: Int32(lineage), track: Int32(track), time: world.now, data: data)),
            from: cell.node, to: node)
    }

    /// A replica wants to follow, and says what it has: it is given what it lacks, and everything from then on.
    func admit(
        _ member: MemberID, _ asked: Epoch, _ data: VolumeData, slot: UInt8, pid: Int32, _ stream: WorldStream,
        from node: NodeNumber
    ) {
        guard let volume, state == .serving, role == .primary, asked == epoch,
            let own = cell.disk.data(ofVolume: volume)
        else {
            let refusal = ReplicationMessage(slot: slot, pid: pid, from: self.pid, content: .refused)
            return world.send(.replication(refusal), on: stream, from: cell.node)
        }
        followers.removeAll { $0.member == member }
        let common = own.commonPrefix(with: data)
        let follower = Follower(member: member, stream: stream, node: node, slot: slot, pid: pid, has: -1)
        followers.append(follower)
        send(.base(epoch: epoch, common: common, runs: own.runs(from: common), length: length), to: follower)
    }

    func heard(_ stream: WorldStream, has position: Int64) {
        guard let index = followers.firstIndex(where: { $0.stream == stream }) else { return }
        followers[index].has = max(followers[index].has, position)
        noteCaughtUp(followers[index])
        acknowledge()
        endIfDone()
    }

    /// A replica that is waited for, and has all that was ever acknowledged, has it from now on.
    private func noteCaughtUp(_ follower: Follower) {
        guard waitsFor.contains(follower.member), !caughtUp.contains(follower.member) else { return }
        let acknowledged = hasPending ? pending[firstPending].position - 1 : length
        guard follower.has >= acknowledged else { return }
        caughtUp.insert(follower.member)
        replicationChanged()
    }

    func send(_ content: ReplicationMessage.Content, to follower: Follower) {
        let message = ReplicationMessage(slot: follower.slot, pid: follower.pid, from: pid, content: content)
        world.send(.replication(message), on: follower.stream, from: cell.node)
    }

    /// The platform's word on whom it waits for, and on whom a replica follows.
    func wire(_ order: MemberOrder) {
        guard state != .ended else { return }
        waitsFor = order.waitsFor
        caughtUp.formIntersection(waitsFor)
        for follower in followers { noteCaughtUp(follower) }
        if source != order.source {
            source = order.source
            if role == .replica, state == .serving { reconnect() }
        }
        replicationChanged()
        acknowledge()
        endIfDone()
    }
}

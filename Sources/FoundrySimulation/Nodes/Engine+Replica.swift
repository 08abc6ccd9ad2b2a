import FoundryModel

extension Engine {
    func take(_ message: ReplicationMessage, _ stream: WorldStream, from node: NodeNumber) {
        switch message.content {
        case .follow(let member, let workload, let asked, let data, let slot):
            // Another database's password: an address is given to another member after the first has left.
            guard workload == self.workload else { return world.close(stream, by: cell.node) }
            admit(member, asked, data, slot: slot, pid: message.from, stream, from: node)
        case .has(let position): heard(stream, has: position)
        case .base(let epoch, let common, let runs, let length):
            guard stream == self.stream else { return }
            sourcePid = message.from
            base(epoch, common, runs, length)
        case .append(let write, let position):
            guard stream == self.stream, followed != .none else { return }
            append(write, at: position)
        case .shutdown(let length):
            guard stream == self.stream, followed != .none else { return }
            finalLength = length
            replicationChanged()
        case .refused:
            guard stream == self.stream else { return }
            reconnect()
        }
    }

    /// Twice a second: looks for its primary, or shows it that it lives.
    func tick() {
        guard role == .replica, volume != nil, state == .serving else { return }
        cell.later(self, .connect, after: .milliseconds(500))
        if stream == .none { return connect() }
        let age = world.now - connectedAt
        if followed == .none { return age > .seconds(3) ? reconnect() : () }
        if age > .seconds(5) {
            connectedAt = world.now
            confirm()
        }
    }

    /// Opens a stream to its primary, under the epoch that its label has now.
    func connect() {
        guard let volume, let source, let place = world.place(of: source.address), place.cell != cell.index,
            case .value(.label(let label)) = cell.disk.contents(of: DiskFile(.innerLabel, volume)),
            let data = cell.disk.data(ofVolume: volume)
        else { return }
        epoch = label.epoch
        branch = label.branch
        connectedAt = world.now
        stream = world.network.openStream(from: cell.node, to: world.cells[place.cell].node)
        cell.streams[stream] = container
        sourceSlot = place.slot
        followed = .none
        let content = ReplicationMessage.Content.follow(
            member: member, workload: workload, epoch: epoch, data: data, slot: slot)
        world.send(
            .replication(ReplicationMessage(slot: sourceSlot, pid: 0, from: pid, content: content)), on: stream,
            from: cell.node)
    }

    func reconnect() {
        if stream != .none {
            cell.streams[stream] = nil
            world.close(stream, by: cell.node)
        }
        stream = .none
        followed = .none
    }

    func lose(_ lost: WorldStream) {
        cell.streams[lost] = nil
        followers.removeAll { $0.stream == lost }
        if lost == stream {
            stream = .none
            followed = .none
        }
    }

    /// What the primary has and this copy has not; what this copy has and the primary has not is undone.
    private func base(_ offered: Epoch, _ common: Int64, _ runs: [DataRun], _ length: Int64) {
        guard let volume, var data = cell.disk.data(ofVolume: volume),
            case .value(.label(let label)) = cell.disk.contents(of: DiskFile(.innerLabel, volume)),
            label.epoch == offered, !cell.disk.faults.isFull
        else { return reconnect() }
        followed = offered
        heldEpoch = offered
        finalLength = nil
        if common < data.length {
            data.truncate(to: common)
            for run in runs { data.append(run) }
            self.length = data.length
            synced = min(synced, common)
            cell.submit(
                .setData(volume: volume, data), for: .follow(container: container, pid: pid, position: self.length),
                by: self)
        } else if runs.isEmpty {
            self.length = data.length
            confirm()
        } else {
            for run in runs {
                self.length += run.count
                cell.submit(
                    .appendRun(volume: volume, run, synced: true),
                    for: .follow(container: container, pid: pid, position: self.length), by: self)
            }
        }
        for run in runs { world.checker.copied(run, by: self, volume: volume) }
        replicationChanged()
    }

    private func append(_ write: DataWrite, at position: Int64) {
        guard position > length else { return }
        guard let volume, position == length + 1, !cell.disk.faults.isFull else { return reconnect() }
        length = position
        world.checker.copied(DataRun(write), by: self, volume: volume)
        cell.submit(
            .append(volume: volume, write, synced: true),
            for: .follow(container: container, pid: pid, position: position), by: self)
    }

    /// Tells its primary how much of it lies on this disk.
    func confirm() {
        guard stream != .none, followed != .none else { return }
        let message = ReplicationMessage(slot: sourceSlot, pid: sourcePid, from: pid, content: .has(position: synced))
        world.send(.replication(message), on: stream, from: cell.node)
        replicationChanged()
    }

    /// The cell asks its members' engines now and then, and at once when it matters.
    func replicationChanged() {
        guard volume != nil, let report = replicationReport, report != told, !isTelling else { return }
        isTelling = true
        cell.later(self, .tell, after: isUrgent(report) ? .milliseconds(20) : .seconds(2))
    }

    func tell() {
        guard let report = replicationReport, report != told else { return }
        told = report
        cell.tell(.brain(.replicates(member, pid: pid, report)))
    }

    private func isUrgent(_ report: ReplicationReport) -> Bool {
        guard case .replica(let epoch, _, let hasAll) = report, case .replica(let oldEpoch, _, let hadAll)? = told
        else { return true }
        return epoch != oldEpoch || hasAll != hadAll
    }

    var replicationReport: ReplicationReport? {
        guard state == .serving || state == .stopping else { return nil }
        if role == .primary {
            return .primary(epoch: epoch, waitsFor: waitsFor.filter { caughtUp.contains($0) })
        }
        if heldEpoch == .none, synced > 0 { return told }
        return .replica(epoch: heldEpoch, position: UInt64(synced), hasAll: finalLength.map { synced >= $0 } ?? false)
    }
}

import FoundryModel

extension ControllerPlan {
    /// Carries out what the recovery rule decides for an app: each step is one transaction, which the unchanged records alone allow.
    mutating func recover(_ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator) {
        let plan = RecoveryRule.plan(app: app, facts: facts)
        if !plan.steps.isEmpty { restless.insert(app.value.id) }
        for step in plan.steps { carryOut(step, app, using: &generator) }
    }

    private mutating func carryOut(
        _ step: RecoveryStep, _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        switch step {
        case .handOver(let from, let to, let fence):
            if let from = view.volumes[from], let (taker, to) = copy(of: to) {
                takeOver(from, by: taker, with: to, fence: fence, branches: false, app, using: &generator)
            }
        case .fork(let from, let to, let fence):
            if let from = view.volumes[from], let (taker, to) = copy(of: to) {
                takeOver(from, by: taker, with: to, fence: fence, branches: true, app, using: &generator)
            }
        case .startEmpty(let volume, let fence):
            if let record = view.volumes[volume] { startEmpty(instead: record, fence, app, using: &generator) }
        case .replaceStateless(let member):
            if let record = view.members[member] { replaceStateless(record, app, using: &generator) }
        case .replaceUnmade(let volume):
            if let record = view.volumes[volume], !record.value.isMade { replaceUnmade(record, app, using: &generator) }
        case .standDown(let member, _): stand(member, down: true, app)
        case .standUp(let member): stand(member, down: false, app)
        case .changeOver(let from, let to):
            if let (old, held) = copy(of: from), held.value.phase == .sealed, let (new, replica) = copy(of: to) {
                changeOver(old, held, new, replica, app, using: &generator)
            }
        case .addReplica(let volume, let avoiding):
            addReplica(of: volume, avoiding: Set(avoiding), app, using: &generator)
        case .dropReplica(let member):
            if let record = view.members[member], record.value.role == .replica {
                dropReplica(record, app, using: &generator)
            }
        case .orderGuard(let volume): change(.volumeGuard, volume, app) { $0.guardState = .ordered }
        case .confirmGuard(let volume):
            if let orderedAt = view.volumes[volume]?.revision {
                change(.volumeGuard, volume, app) { $0.guardState = .on(orderedAt: orderedAt) }
            }
        case .dropGuard(let volume): change(.volumeGuard, volume, app) { $0.guardState = .off }
        case .waitFor(let volume, let replica):
            change(.volumeReplication, volume, app) { $0.replication.waitsFor.append(replica) }
        case .enforce(let volume, let replicas):
            change(.volumeReplication, volume, app) { $0.replication.enforced = replicas }
        case .dropWait(let volume, let replica):
            change(.volumeReplication, volume, app) {
                $0.replication.waitsFor.removeAll { $0 == replica }
                if Planted.has(.droppedReplicaStaysEnforced) { return }
                $0.replication.enforced.removeAll { $0 == replica }
            }
        }
    }

    /// A member with a volume.
    private func copy(of member: MemberID) -> (member: Revised<MemberRecord>, volume: Revised<VolumeRecord>)? {
        view.members[member].flatMap { record in
            record.value.volume.flatMap { view.volumes[$0] }.map { (record, $0) }
        }
    }

    private mutating func change(
        _ name: ControllerEffectName, _ volume: VolumeID, _ app: Revised<AppRecord>,
        _ change: (inout VolumeRecord) -> Void
    ) {
        if var record = view.volumes[volume] {
            change(&record.value)
            add(
                name, "volume/\(volume)", [.put(.volume(record.value), expects: .revision(record.revision))],
                for: .app(app.value.id))
        }
    }

    /// A replica becomes the holder: one transaction of the fence, both volumes, both members and the term; design 5.3.
    ///
    /// - Parameter branches: a new branch is begun, and the old holder is kept as a fork.
    private mutating func takeOver(
        _ from: Revised<VolumeRecord>, by taker: Revised<MemberRecord>, with to: Revised<VolumeRecord>, fence: FenceID?,
        branches: Bool, _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        let old = from.value.id
        var lost = from.value
        lost.guardState = .off
        lost.replication = ReplicationState()
        lost.phase = branches ? .forked(since: now) : .kept(until: graceEnd)
        if Planted.has(.forkPurged), branches { lost.phase = .purging }
        var next = promoted(to.value, from: from.value, branches: branches)
        if branches, !Planted.has(.forkKeepsBranch) { next.branch = view.newestBranch(of: next) + 1 }
        next.phase = .held(by: taker.value.id)
        var writes = [
            RecordWrite.put(.volume(lost), expects: .revision(from.revision)),
            .put(.volume(next), expects: .revision(to.revision)), promotion(of: taker),
        ]
        writes += repoint(from: old, to: next, branches: branches)
        if !Planted.has(.oldHolderKeepsPlace), let holder = view.member(with: old), let record = view.members[holder.id]
        {
            writes += removal(of: record)
        }
        if let fence { writes += check(fence) }
        let name = "\(app.value.name)/\(taker.value.index)"
        let words =
            branches
            ? "goes on at \(name) as branch \(next.branch); the copy on cell \(lost.cell.short) is kept as a fork"
            : "was handed over to \(name) under epoch \(next.epoch)"
        writes.append(
            event(
                branches ? .volumeForked : .volumeHandedOver, app: app.value.id, subject: "volume \(app.value.name)",
                words, using: &generator))
        add(branches ? .volumeFork : .volumeHandOver, "volume/\(old)", writes, for: .app(app.value.id))
    }

    private var graceEnd: Timestamp { now + Int64(configuration.volumeGraceDays) * Self.millisecondsADay }

    /// - Parameter branches: it may lack what the old holder has, though that one ended in order.
    private func promoted(_ volume: VolumeRecord, from old: VolumeRecord, branches: Bool = false) -> VolumeRecord {
        var next = volume
        let label = reports[volume.cell]?.volumes.first { $0.id == volume.id }?.label
        let isCurrent = old.replication.enforced.contains(volume.id) || old.phase == .sealed && !branches
        next.origin = CopyOrigin(
            branch: label?.branch ?? volume.branch, epoch: isCurrent ? old.epoch : (label?.epoch ?? .none))
        next.branch = old.branch
        next.epoch = max(old.epoch, volume.epoch).next(in: view.switches.generation)
        if Planted.has(.epochReused) { next.epoch = old.epoch }
        next.isMade = true
        next.guardState = .off
        next.replication = ReplicationState()
        return next
    }

    private func promotion(of member: Revised<MemberRecord>) -> RecordWrite {
        var next = member.value
        next.role = .primary
        next.turn += 1
        next.standsDown = false
        return .put(.member(next), expects: .revision(member.revision))
    }

    /// The other replicas of a holder follow the new one. One that is out of reach when a branch begins may have more than the taker: it is kept, and
    /// another is made instead.
    private mutating func repoint(from old: VolumeID, to holder: VolumeRecord, branches: Bool) -> [RecordWrite] {
        view.index.volumes(of: holder.app).sorted().flatMap { id -> [RecordWrite] in
            guard id != holder.id, let volume = view.volumes[id], volume.value.phase == .follows(old) else { return [] }
            if branches, facts.standing(on: volume.value.cell, volume.value.incarnation) != .reachable {
                let member = [view.member(with: id)?.id].compactMap { $0.flatMap { view.members[$0] } }
                return [letGo(volume)] + member.flatMap(removal)
            }
            var next = volume.value
            next.phase = .follows(holder.id)
            next.branch = holder.branch
            return [.put(.volume(next), expects: .revision(volume.revision))]
        }
    }

    /// A replica's volume that none of the records needs any more.
    private func letGo(_ volume: Revised<VolumeRecord>) -> RecordWrite {
        var next = volume.value
        next.phase = next.isMade ? .kept(until: graceEnd) : .purging
        return .put(.volume(next), expects: .revision(volume.revision))
    }

    /// The fence as it was judged; and that the cell did not come back meanwhile: with a session of its own it would serve what it held.
    private func check(_ fence: FenceID) -> [RecordWrite] {
        let record = view.fences[fence]
        let check = RecordWrite.check(
            key: RecordKind.fence.key(fence.description), kind: .fence, expects: .seen(record))
        guard let fenced = record?.value, fenced.cause == .silence else { return [check] }
        let session = view.sessions[fenced.cell]
        // What another incarnation does is nothing to the one that is fenced.
        if let session, session.value.incarnation != fenced.incarnation { return [check] }
        return [
            check,
            .check(key: RecordKind.session.key(fenced.cell.description), kind: .session, expects: .seen(session)),
        ]
    }

    func removal(of member: Revised<MemberRecord>) -> [RecordWrite] {
        var writes: [RecordWrite] = [
            .delete(key: Record.member(member.value).key, kind: .member, expects: .revision(member.revision))
        ]
        if let status = view.statuses[member.value.id] {
            writes.append(.delete(key: Record.status(status.value).key, kind: .status, expects: .any))
        }
        return writes
    }

    private mutating func startEmpty(
        instead record: Revised<VolumeRecord>, _ fence: FenceID?, _ app: Revised<AppRecord>,
        using generator: inout some RandomNumberGenerator
    ) {
        let volume = record.value.id
        var fork = record.value
        fork.phase = .forked(since: now)
        fork.guardState = .off
        var writes: [RecordWrite] = [.put(.volume(fork), expects: .revision(record.revision))]
        if let holder = view.member(with: volume), let member = view.members[holder.id] {
            writes += removal(of: member)
        }
        if let fence { writes += check(fence) }
        writes.append(
            event(
                .volumeForked, app: app.value.id, subject: "volume \(app.value.name)",
                "begins anew, empty; the copy on cell \(fork.cell.short) is kept as a fork", using: &generator))
        add(.volumeFork, "volume/\(volume)", writes, for: .app(app.value.id))
    }

    private mutating func replaceStateless(
        _ record: Revised<MemberRecord>, _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        let cell = record.value.cell
        let moved = event(
            .memberUnplaced, app: app.value.id, subject: view.name(of: record.value),
            "leaves cell \(cell.short), which is \(facts.isDrained(cell) ? "drained" : "lost")", using: &generator)
        add(
            .memberReplace, "member/\(record.value.id)",
            removal(of: record) + [moved] + checkLoss(of: cell, nil), for: .app(app.value.id))
    }

    /// That for which something leaves a cell still holds when it is committed, however late: a fence is in force, or the cell is drained.
    ///
    /// - Parameter incarnation: nil: the present one.
    private func checkLoss(of cell: CellID, _ incarnation: IncarnationID?) -> [RecordWrite] {
        if let fence = view.openFence(of: cell, incarnation ?? view.incarnation(of: cell)) {
            return check(fence.value.id)
        }
        return [.check(key: RecordKind.cell.key(cell.description), kind: .cell, expects: .seen(view.cells[cell]))]
    }

    /// Nothing was ever started on it: decision 0002.
    private mutating func replaceUnmade(
        _ record: Revised<VolumeRecord>, _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        let volume = record.value.id
        var gone = record.value
        gone.phase = .purging
        var writes: [RecordWrite] = [.put(.volume(gone), expects: .revision(record.revision))]
        if let holder = view.member(with: volume), let member = view.members[holder.id] {
            writes += removal(of: member)
        }
        writes += checkLoss(of: gone.cell, gone.incarnation)
        writes.append(
            event(
                .memberUnplaced, app: app.value.id, subject: "volume \(app.value.name)",
                "was not made on cell \(gone.cell.short), which is lost; another is made", using: &generator))
        add(.memberReplace, "volume/\(volume)", writes, for: .app(app.value.id))
    }

    mutating func stand(_ member: MemberID, down: Bool, _ app: Revised<AppRecord>) {
        if var record = view.members[member], record.value.standsDown != down {
            record.value.standsDown = down
            add(
                .memberStand, "member/\(member)", [.put(.member(record.value), expects: .revision(record.revision))],
                for: .app(app.value.id))
        }
    }

    /// The primary has stopped and is sealed, and the replica has all of it: they change roles.
    private mutating func changeOver(
        _ old: Revised<MemberRecord>, _ held: Revised<VolumeRecord>, _ new: Revised<MemberRecord>,
        _ replica: Revised<VolumeRecord>, _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        var next = promoted(replica.value, from: held.value)
        next.phase = .held(by: new.value.id)
        var last = held.value
        last.phase = .follows(next.id)
        last.replication = ReplicationState()
        last.guardState = .off
        var follower = old.value
        follower.role = .replica
        follower.turn += 1
        follower.standsDown = false
        var writes: [RecordWrite] = [
            .put(.volume(last), expects: .revision(held.revision)),
            .put(.volume(next), expects: .revision(replica.revision)),
            .put(.member(follower), expects: .revision(old.revision)), promotion(of: new),
        ]
        writes += repoint(from: last.id, to: next, branches: false)
        writes.append(
            event(
                .volumeHandedOver, app: app.value.id, subject: "volume \(app.value.name)",
                "changed over to \(app.value.name)/\(new.value.index) under epoch \(next.epoch)", using: &generator))
        add(.memberChangeOver, "volume/\(last.id)", writes, for: .app(app.value.id))
    }

    private mutating func dropReplica(
        _ record: Revised<MemberRecord>, _ app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator
    ) {
        var writes = removal(of: record)
        if let volume = record.value.volume.flatMap({ view.volumes[$0] }) { writes.append(letGo(volume)) }
        writes.append(
            event(
                .memberRemoved, app: app.value.id, subject: view.name(of: record.value), "is no replica any more",
                using: &generator))
        add(.replicaDrop, "member/\(record.value.id)", writes, for: .app(app.value.id))
    }
}

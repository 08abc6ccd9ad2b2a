import FoundryModel

/// The guards' latch, as the cell's machine knows it.
struct CellLatch: Hashable, Sendable {
    /// The guards acted, and hold what they stopped.
    var isOn = false
    /// They acted again while the latch was being lifted.
    private var firedMeanwhile = false

    mutating func fire(whileLifting: Bool) {
        isOn = true
        firedMeanwhile = whileLifting
    }

    /// It was not lifted: whatever fired meanwhile lies under the same latch, and the next lifting is for all of it.
    mutating func keep() { firedMeanwhile = false }

    mutating func lift() {
        isOn = firedMeanwhile
        firedMeanwhile = false
    }
}

/// What an engine is told of its fellows.
struct MemberWiring: Hashable, Sendable {
    var source: RouteTarget?
    var waitsFor: [MemberID]

    init(_ order: MemberOrder) {
        source = order.source
        waitsFor = order.waitsFor
    }

    /// Nothing follows it and it follows nothing.
    var isNone: Bool { source == nil && waitsFor.isEmpty }
}

extension CellMachine {
    /// A guarded member starts only while the cell holds the very session for which its orders were written, and the guards hold nothing.
    ///
    /// No other starts either before this process was granted a session: until then nobody has said that the disk is not of an earlier time.
    func mayBegin(_ order: MemberOrder) -> Bool {
        guard !holdsSessions || hasHeldSession else { return false }
        return !order.isGuarded || isUnderOrderedSession && !latch.isOn
    }

    var isUnderOrderedSession: Bool { session != nil && orders?.session == session }

    /// Volumes whose writers lie below the guards, sorted by id: what may be claimed with a renewal.
    ///
    /// One whose member has no container counts: it will be made below the guards, and under the session. Orders of another session say nothing of
    /// this one: they may be of before the store was restored, and their revision of a history that is gone.
    public func guardedVolumes() -> [GuardedVolume] {
        guard let orders, isUnderOrderedSession else { return [] }
        return orders.members.compactMap { order -> GuardedVolume? in
            guard order.isGuarded, liesUnderGuards(order), let id = order.volume, let volume = self.order(of: id),
                case .label(let label)? = volumes[id]?.label, label.role == .holder, !label.sealed,
                label.epoch == volume.epoch, label.branch == volume.branch
            else { return nil }
            return GuardedVolume(volume: id, epoch: label.epoch, ordersRevision: orders.revision)
        }.sorted { $0.volume < $1.volume }
    }

    private func liesUnderGuards(_ order: MemberOrder) -> Bool {
        switch inFlight[.member(order.id)] {
        case .createContainer(let made)?: return made.isGuarded
        case .guardMember?, .unguardMember?: return false
        default: return containers[order.id] == nil || guarded.contains(order.id)
        }
    }

    /// The guards stop what lies below them; its end is not the member's own doing.
    mutating func noteLatch() {
        latch.fire(whileLifting: inFlight[.latch] != nil)
        for member in guarded where containers[member] != nil { stops[member] = .byGuards }
        dirt.isWhole = true
    }

    mutating func noteCreated(_ order: MemberOrder) {
        freshRootfs.remove(order.id)
        wires[order.id] = MemberWiring(order)
        briefs[order.id] = MemberBrief(order)
        if order.isGuarded { noteGuarded(order.id) }
    }

    /// What joins the guarded while the guards hold them is stopped with them.
    mutating func noteGuarded(_ member: MemberID) {
        guarded.insert(member)
        if latch.isOn { stops[member] = .byGuards }
    }

    /// While the guards hold a member nothing of it can end or be removed: it dies when they let go.
    func isHeld(_ member: MemberID) -> Bool { latch.isOn && guarded.contains(member) }

    /// Brings a container that may run below the guards, or out.
    func guardStep(_ order: MemberOrder) -> CellEffect? {
        let isBelow = guarded.contains(order.id)
        if order.isGuarded, !isBelow { return mayBegin(order) ? .guardMember(order.id) : nil }
        return !order.isGuarded && isBelow ? .unguardMember(order.id) : nil
    }

    /// Tells a running engine who the others are. A replica's label says whom it follows before it does.
    func wireStep(_ order: MemberOrder) -> CellEffect? {
        if order.role == .replica, let volume = order.volume, !isServing(volume, order) { return nil }
        return isWired(order) ? nil : .wireMember(order)
    }

    /// Its engine knows the others as they are ordered now; of one that was adopted nobody knows what it was told.
    func isWired(_ order: MemberOrder) -> Bool {
        let wiring = MemberWiring(order)
        if let told = wires[order.id] { return told == wiring }
        return wiring.isNone && order.role == .primary && order.spec.recovery.replicas == 0
    }

    /// The session and the orders for it have come: the guards may let go. What is being started under older orders comes below them first, and dies with
    /// the others; after that it would run.
    func latchStep(now: Moment) -> CellEffect? {
        guard latch.isOn, isUnderOrderedSession, let session, isFree(.latch, now: now), !isStartingGuarded else {
            return nil
        }
        return .unlatch(session)
    }

    private var isStartingGuarded: Bool {
        guarded.contains { member in
            if case .startContainer? = inFlight[.member(member)] { true } else { false }
        }
    }
}

import FoundryModel

extension Fleet {
    /// How much more processor time members may ask for than a cell has: `--cpu` is a ceiling, and members seldom reach theirs together.
    public static let cpuPromised = 64

    /// All cells of a view, and what its records put on them.
    public init(_ view: PlatformView) {
        self.init(cells: view.cells.values.map { FleetCell($0.value) })
        for member in view.members.values.map(\.value) { put(FleetMember(member, view.apps[member.app]?.value.spec)) }
        for volume in view.volumes.values.map(\.value) { put(FleetVolume(volume, view.apps[volume.app]?.value.spec)) }
        for snapshot in view.snapshots.values.map(\.value) { put(FleetReservation(snapshot)) }
    }
}

extension FleetCell {
    /// Whether it is late or fenced stands in no record of its own: `Fleet.set` says so.
    public init(_ record: CellRecord) {
        var capacity = record.capacity
        capacity.cpu = Millicores(capacity.cpu.count * Fleet.cpuPromised)
        self.init(
            id: record.id, zone: record.zone, capacity: capacity,
            availability: record.duty == .drained ? .drained : .available)
    }
}

extension FleetMember {
    /// - Parameter spec: of its app; nil when that is gone, which leaves the member its address only.
    public init(_ record: MemberRecord, _ spec: WorkloadSpec?) {
        self.init(
            id: record.id, workload: record.app, cell: record.cell, slot: record.slot, memory: spec?.memory ?? .zero,
            cpu: spec?.cpu ?? Millicores(0), restartsElsewhere: spec?.restartsElsewhere ?? false)
    }
}

extension FleetVolume {
    /// It takes its size until its record is gone, whatever its phase.
    public init(_ record: VolumeRecord, _ spec: WorkloadSpec?) {
        self.init(
            id: record.id, cell: record.cell, size: record.size, isRebuiltElsewhere: spec?.isRebuiltElsewhere ?? false)
    }
}

extension FleetReservation {
    /// What a snapshot shares with its volume is written anew beside it one day: its whole size is counted, until its record is gone.
    public init(_ record: SnapshotRecord) {
        self.init(id: "snapshot/\(record.id)", cell: record.cell, disk: record.size)
    }
}

extension WorkloadSpec {
    /// Whether a member would be made again on another cell if its own were lost: what has one volume and no replica waits for its machine.
    public var restartsElsewhere: Bool { disk == nil || isRebuiltElsewhere || recovery.whenLost == .empty }

    /// Whether its volumes would be made again from what the others have.
    public var isRebuiltElsewhere: Bool { recovery.replicas > 0 }
}

import FoundryModel

/// Which members, volumes and routes belong to which app and cell: follows the records, and says nothing that they do not.
public struct PlatformIndex: Sendable, Equatable {
    private var membersOfApp: [AppID: [MemberID]] = [:]
    private var membersOfCell: [CellID: [MemberID]] = [:]
    private var memberOfVolume: [VolumeID: MemberID] = [:]
    private var volumesOfApp: [AppID: [VolumeID]] = [:]
    private var volumesOfCell: [CellID: [VolumeID]] = [:]
    private var routeOfApp: [AppID: String] = [:]
    private var bindingsOfInstance: [ServiceInstanceID: [BindingID]] = [:]
    private var bindingsOfApp: [AppID: [BindingID]] = [:]
    /// For which a verb runs.
    private(set) var busyBindings: Set<BindingID> = []
    private var labelsOfLineage: [LineageID: [VolumeID]] = [:]

    init() {}

    /// None of these is sorted.
    public func members(of app: AppID) -> [MemberID] { membersOfApp[app] ?? [] }
    public func members(on cell: CellID) -> [MemberID] { membersOfCell[cell] ?? [] }
    public func member(with volume: VolumeID) -> MemberID? { memberOfVolume[volume] }
    public func volumes(of app: AppID) -> [VolumeID] { volumesOfApp[app] ?? [] }
    public func volumes(on cell: CellID) -> [VolumeID] { volumesOfCell[cell] ?? [] }
    /// By key.
    public func route(of app: AppID) -> String? { routeOfApp[app] }
    public func bindings(of instance: ServiceInstanceID) -> [BindingID] { bindingsOfInstance[instance] ?? [] }
    public func bindings(to app: AppID) -> [BindingID] { bindingsOfApp[app] ?? [] }
    /// The copies of one lineage that cells have reported a label of.
    func labels(of lineage: LineageID) -> [VolumeID] { labelsOfLineage[lineage] ?? [] }

    mutating func replace(_ old: MemberRecord?, by new: MemberRecord?) {
        Self.move(old?.id, from: old?.app, to: new?.app, new?.id, in: &membersOfApp)
        Self.move(old?.id, from: old?.cell, to: new?.cell, new?.id, in: &membersOfCell)
        if old?.volume != new?.volume, let volume = old?.volume, memberOfVolume[volume] == old?.id {
            memberOfVolume[volume] = nil
        }
        if let new, let volume = new.volume { memberOfVolume[volume] = new.id }
    }

    mutating func replace(_ old: VolumeRecord?, by new: VolumeRecord?) {
        Self.move(old?.id, from: old?.app, to: new?.app, new?.id, in: &volumesOfApp)
        Self.move(old?.id, from: old?.cell, to: new?.cell, new?.id, in: &volumesOfCell)
    }

    mutating func replace(_ old: RouteRecord?, by new: RouteRecord?) {
        if let old { routeOfApp[old.app] = nil }
        if let new { routeOfApp[new.app] = Record.route(new).key }
    }

    mutating func replace(_ old: BindingRecord?, by new: BindingRecord?) {
        Self.move(old?.id, from: old?.instance, to: new?.instance, new?.id, in: &bindingsOfInstance)
        Self.move(old?.id, from: old?.app, to: new?.app, new?.id, in: &bindingsOfApp)
        if let old { busyBindings.remove(old.id) }
        if let new, new.verb != nil { busyBindings.insert(new.id) }
    }

    mutating func replace(_ old: VolumeStatus?, by new: VolumeStatus?) {
        Self.move(old?.id, from: old?.label?.lineage, to: new?.label?.lineage, new?.id, in: &labelsOfLineage)
    }

    private static func move<Owner: Hashable, Item: Equatable>(
        _ old: Item?, from: Owner?, to: Owner?, _ new: Item?, in table: inout [Owner: [Item]]
    ) {
        guard from != to else { return }
        if let from, let old {
            table[from]?.removeAll { $0 == old }
            if table[from] == [] { table[from] = nil }
        }
        if let to, let new { table[to, default: []].append(new) }
    }
}

import FoundryModel

/// Members of one app that know nothing of each other: which of them there are, and shall be.
extension PlatformView {
    /// Those that write, or shall; sorted by index.
    public func primaries(of app: AppID) -> [MemberRecord] { members(of: app).filter { $0.role == .primary } }

    /// Members that an app has too many of: the last by index.
    public func surplus(of app: AppRecord) -> [MemberRecord] {
        guard index.members(of: app.id).count > app.spec.instances else { return [] }
        return Array(primaries(of: app.id).dropFirst(app.spec.instances))
    }

    /// The lowest index that a member is still to be placed for; nil: there is none, or a replica may come to be what is missing.
    func missingIndex(of app: AppRecord) -> Int? {
        let members = members(of: app.id)
        guard members.count < app.spec.instances, members.allSatisfy({ $0.role == .primary }) else { return nil }
        let taken = Set(members.map(\.index))
        return (0...members.count).first { !taken.contains($0) }
    }

    /// The volume that waits for the app to have this member again.
    func waitingVolume(of app: AppID, index: Int) -> Revised<VolumeRecord>? {
        self.index.volumes(of: app).sorted().lazy.compactMap { volumes[$0] }.first { volume in
            guard case .kept = volume.value.phase else { return false }
            return volume.value.index == index && volume.value.awaitsMember
        }
    }
}

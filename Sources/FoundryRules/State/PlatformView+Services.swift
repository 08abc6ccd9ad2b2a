import FoundryModel

extension PlatformView {
    /// What can be asked for, by name.
    public var offerings: [ReleaseRecord] {
        releases.values.map(\.value).filter(\.isCurrent).sorted { $0.id < $1.id }
    }

    public func offering(_ id: OfferingID) -> ReleaseRecord? {
        releases.values.first { $0.value.isCurrent && $0.value.offering == id }?.value
    }

    /// The offering that has a plan, in the version that new instances get.
    public func offering(with plan: PlanID) -> ReleaseRecord? {
        releases.values.first { $0.value.isCurrent && $0.value.plans.values.contains(plan) }?.value
    }

    /// All versions that are installed, newest first.
    public func versions(of name: AppName) -> [Revised<ReleaseRecord>] {
        releases.values.filter { $0.value.manifest.name == name }.sorted { $0.value.id > $1.value.id }
    }

    public func instance(named name: AppName) -> Revised<ServiceInstanceRecord>? {
        instances.values.first { $0.value.name == name }
    }

    /// Without what runs for service instances.
    public var appCount: Int { apps.values.count { $0.value.spec.service == nil } }

    /// Whose workload this is; nil: an app.
    public func instance(of app: AppRecord) -> ServiceInstanceRecord? {
        app.spec.service.flatMap { instances[$0.instance]?.value }
    }

    public func instances(of release: ReleaseID) -> [ServiceInstanceRecord] {
        instances.values.map(\.value).filter { $0.release == release }.sorted { $0.name < $1.name }
    }

    /// Oldest first; without those that are revoked.
    public func bindings(of instance: ServiceInstanceID) -> [BindingRecord] {
        index.bindings(of: instance).compactMap { bindings[$0]?.value }.filter { $0.state != .revoked }.sorted {
            ($0.createdAt, $0.id) < ($1.createdAt, $1.id)
        }
    }

    /// As `bindings(of:)`, of an app.
    public func bindings(to app: AppID) -> [BindingRecord] {
        index.bindings(to: app).compactMap { bindings[$0]?.value }.filter { $0.state != .revoked }.sorted {
            ($0.createdAt, $0.id) < ($1.createdAt, $1.id)
        }
    }

    /// Another took its place, and can be used.
    public func isReplaced(_ binding: BindingRecord) -> Bool {
        bindings(of: binding.instance).contains { $0.predecessor == binding.id && $0.isUsable }
    }

    /// Where its users live: the disk of its first member, and the branch of it. A store that was restored knows of no user for sure: what was made and
    /// removed since its backup is in the data, and not in its records.
    func place(of instance: ServiceInstanceRecord) -> BindingPlace? {
        guard let volume = primaries(of: instance.workload).first?.volume.flatMap({ volumes[$0]?.value }) else {
            return nil
        }
        let isKnown = switches.generation == 0 || Planted.has(.restoredBindingsBelieved)
        return BindingPlace(
            volume: volume.id, branch: volume.branch, generation: isKnown ? nil : switches.generation)
    }

    /// In which verbs of an instance run: the first of its members that is ready, and stays.
    func verbMember(of instance: ServiceInstanceRecord) -> MemberRecord? {
        guard let app = apps[instance.workload]?.value else { return nil }
        return primaries(of: app.id).prefix(app.spec.instances).first {
            $0.leave == nil && statuses[$0.id]?.value.phase == .healthy
        }
    }
}

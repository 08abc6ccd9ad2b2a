import FoundryModel
import FoundryRules

extension World {
    /// Bindings of one instance that people are content with.
    private static var usualBindings: Int { 8 }
    /// Now and then somebody makes so many, without ever removing one.
    private static var hoardedBindings: Int { 60 }
    /// From so many on an instance goes with all of them, which is more than one transaction takes along.
    private static var tooManyBindings: Int { 51 }
    private static var origin: ServiceOrigin { ServiceOrigin(by: "people") }

    /// What people come up with next, going by what a server knows.
    func nextWishes(_ view: PlatformView) -> [ServiceWish] {
        guard view.releases.count > 1 else {
            return [.install(ServiceReleases.all[view.releases.count == 0 ? 0 : 2])]
        }
        let choice = random.services.index(below: 100)
        switch choice {
        case 0..<3: return [.install(random.services.pick(ServiceReleases.all))]
        case 3: return view.releases.keys.sorted().randomOne(using: &random.services).map { [.remove($0)] } ?? []
        case 4: return [.credential("broker-\(random.services.index(below: 2))")]
        default: break
        }
        let instances = view.instances.values.map(\.value).sorted { $0.id < $1.id }
        let live = instances.filter { $0.operation.kind != .delete }
        if live.count < settings.services, choice < 45 { return newInstance(view) }
        guard let instance = live.randomOne(using: &random.services) else { return [] }
        if view.apps[instance.workload]?.value.desired == .stopped { return [.start(instance.workload)] }
        return wishes(of: instance, view)
    }

    /// Two people may come up with one name at the same moment.
    private func newInstance(_ view: PlatformView) -> [ServiceWish] {
        guard workloads.count < mostWorkloads else { return [] }
        let plans = view.offerings.flatMap { $0.plans.values.sorted() }
        guard let plan = plans.randomOne(using: &random.services) else { return [] }
        let number = services.number()
        let name = random.services.index(below: 4) == 0 ? nil : "service-\(number)"
        let wish = provision(name, plan)
        return name != nil && number % 4 == 0 ? [wish, provision(name, plan)] : [wish]
    }

    private func provision(_ name: String?, _ plan: PlanID) -> ServiceWish {
        .provision(
            ProvisionRequest(
                id: ServiceInstanceID("i\(services.number())"), name: name, plan: plan, origin: Self.origin))
    }

    /// Now and then somebody else wants the same name for a new one.
    private func rename(_ instance: ServiceInstanceRecord) -> [ServiceWish] {
        let number = services.number()
        let name = "service-\(number)"
        return [.rename(instance.id, name)] + (number % 2 == 0 ? [provision(name, instance.plan)] : [])
    }

    private func wishes(of instance: ServiceInstanceRecord, _ view: PlatformView) -> [ServiceWish] {
        let bindings = view.bindings(of: instance.id)
        let binding = bindings.randomOne(using: &random.services)
        let choice = bindings.count > Self.usualBindings ? 50 : random.services.index(below: 100)
        switch choice {
        case 0..<32: return newBinding(of: instance, view)
        case 32..<42:
            let app = workloads[random.services.index(below: settings.workloads)].id
            return [bind(instance, app: app)]
        case 42..<50: return binding.map { [rotate($0)] } ?? []
        case 50..<70:
            if bindings.count >= Self.tooManyBindings { return [.delete(instance.id, isForced: true)] }
            return binding.map { [.unbind($0.id)] } ?? []
        case 70..<84: return [update(instance, view)]
        case 84..<88: return rename(instance)
        case 88..<93: return [.delete(instance.id, isForced: random.services.coin())]
        case 93..<96: return [.stop(instance.workload)]
        default:
            crashMember(of: workload(of: instance.workload))
            return []
        }
    }

    private func newBinding(of instance: ServiceInstanceRecord, _ view: PlatformView) -> [ServiceWish] {
        let hasUsers = view.releases[instance.release]?.value.manifest.binding.hasUsers ?? true
        guard !hasUsers, random.services.index(below: 8) == 0 else { return [bind(instance, app: nil)] }
        return (0..<Self.hoardedBindings).map { _ in bind(instance, app: nil) }
    }

    private func bind(_ instance: ServiceInstanceRecord, app: AppID?) -> ServiceWish {
        let number = services.number()
        let isDoomed = instance.release.name.description == "db" && random.services.index(below: 10) == 0
        return .bind(
            BindRequest(
                id: BindingID("b\(number)"), instance: instance.id, app: app, name: app == nil ? "key-\(number)" : nil,
                parameters: isDoomed ? [ServiceReleases.fails: .boolean(true)] : [:], origin: Self.origin))
    }

    private func rotate(_ binding: BindingRecord) -> ServiceWish {
        .bind(
            BindRequest(
                id: BindingID("b\(services.number())"), instance: binding.instance, app: binding.app,
                name: binding.name, predecessor: binding.id, overlapMilliseconds: 10_000, origin: Self.origin))
    }

    private func update(_ instance: ServiceInstanceRecord, _ view: PlatformView) -> ServiceWish {
        guard instance.release.name.description == "db" else {
            return .update(instance.id, ServiceUpdateRequest(by: "people"))
        }
        let request: ServiceUpdateRequest
        switch random.services.index(below: 6) {
        case 0: request = ServiceUpdateRequest(parameters: [ServiceReleases.broken: .boolean(true)], by: "people")
        case 1:
            let title = "t\(services.number())"
            request = ServiceUpdateRequest(parameters: ["title": .text(title)], by: "people")
        case 2:
            let newest = view.versions(of: instance.release.name).first?.value.manifest.version
            request = ServiceUpdateRequest(version: newest, by: "people")
        case 3:
            let plans = view.releases[instance.release].map { $0.value.plans.values.sorted() } ?? []
            request = ServiceUpdateRequest(plan: plans.randomOne(using: &random.services), by: "people")
        default:
            let size = Int64(1 + random.services.index(below: 1_000))
            request = ServiceUpdateRequest(parameters: ["size": .integer(size)], by: "people")
        }
        return .update(instance.id, request)
    }
}

extension Array {
    /// nil: there is none.
    fileprivate func randomOne(using random: inout SimulationRandom) -> Element? {
        isEmpty ? nil : self[random.index(below: count)]
    }
}

import FoundryModel

extension PlatformView {
    /// What a member of an instance gets beside its specification.
    func serviceOrder(for member: MemberRecord, of app: AppRecord) -> ServiceOrder? {
        guard let service = app.spec.service, let instance = instances[service.instance]?.value else { return nil }
        let peers = service.cluster == nil ? [] : primaries(of: app.id).filter { $0.cell == member.cell }
        return ServiceOrder(
            secrets: instance.secrets, isFounded: instance.isFounded,
            peers: peers.map {
                PeerOrder(
                    member: $0.id, index: $0.index, name: PeerOrder.name(of: $0.index, in: app), slot: $0.slot)
            })
    }

    /// A new cluster whose members start one after the other: whether it is this one's turn. What runs already goes on.
    func isItsTurn(_ member: MemberRecord, of app: AppRecord) -> Bool {
        guard let service = app.spec.service, service.cluster?.start == .inOrder,
            instances[service.instance]?.value.isFounded == false, !runs(member)
        else { return true }
        return primaries(of: app.id).filter { $0.index < member.index }.allSatisfy {
            statuses[$0.id]?.value.phase == .healthy
        }
    }

    private func runs(_ member: MemberRecord) -> Bool {
        switch statuses[member.id]?.value.phase {
        case .starting, .healthy, .unhealthy, .unready: true
        case .preparing, .stopping, .stopped, .waiting, .crashed, .refused, nil: false
        }
    }

    /// Verbs that members of a cell shall run; sorted by id.
    func verbOrders(of cell: CellID) -> [VerbOrder] {
        let ofBindings = index.busyBindings.compactMap { bindings[$0]?.value }.compactMap { binding -> VerbOrder? in
            guard let id = binding.verb, let instance = instances[binding.instance]?.value,
                let member = verbMember(of: instance), member.cell == cell
            else { return nil }
            return order(id, for: binding, of: instance, in: member)
        }
        return (ofBindings + leaveOrders(of: cell)).sorted { $0.id < $1.id }
    }

    private func order(
        _ id: VerbID, for binding: BindingRecord, of instance: ServiceInstanceRecord, in member: MemberRecord
    ) -> VerbOrder {
        var isRemoval = false
        if case .unbinding = binding.state { isRemoval = true }
        var environment: [String: String] = [:]
        environment["FOUNDRY_BINDING_USER"] = binding.user
        if let release = releases[instance.release]?.value {
            let parameters = ParameterRule.standing(release.manifest.binding.parameters, given: binding.parameters)
            for (name, value) in parameters { environment["FOUNDRY_BINDING_\(name.uppercased())"] = value.description }
        }
        return VerbOrder(
            id: id, member: member.id, verb: isRemoval ? "unbind" : "bind", environment: environment,
            input: isRemoval ? nil : binding.password, place: place(of: instance))
    }
}

import FoundryModel

extension FoundryAPI {
    /// What is offered, sorted by name.
    ///
    /// - Parameter name: of one of them; nil: all.
    public func serviceOfferings(named name: String? = nil) async throws(FoundryError) -> [ServiceOfferingAnswer] {
        let query = name.map { [(name: "names", value: $0)] } ?? []
        return try await pages(["v3", "service_offerings"], query + [(name: "order_by", value: "name")])
    }

    /// In the order of their release.
    ///
    /// - Parameter offering: its guid; nil: of all.
    public func servicePlans(of offering: String? = nil) async throws(FoundryError) -> [ServicePlanAnswer] {
        try await pages(
            ["v3", "service_plans"], offering.map { [(name: "service_offering_guids", value: $0)] } ?? [])
    }

    /// Sorted by name.
    ///
    /// - Parameter name: of one of them; nil: all.
    public func serviceInstances(named name: String? = nil) async throws(FoundryError) -> [ServiceInstanceAnswer] {
        let query = name.map { [(name: "names", value: $0)] } ?? []
        return try await pages(["v3", "service_instances"], query + [(name: "order_by", value: "name")])
    }

    public func serviceInstance(_ guid: String) async throws(FoundryError) -> ServiceInstanceAnswer {
        try await get(["v3", "service_instances", guid])
    }

    /// What a request would do. Changes nothing.
    public func planService(_ body: ServicePlanningBody) async throws(FoundryError) -> PlannedService {
        try await send(.post, ["foundry", "v1", "service_instances", "plan"], body).decoded()
    }

    /// - Returns: the job that tells when it serves; nil: it does already.
    public func createService(_ body: ServiceInstanceBody) async throws(FoundryError) -> JobReference? {
        var body = body
        body.relationships?["space"] = Relationship(guid: Self.space)
        return try Self.job(of: try await send(.post, ["v3", "service_instances"], body))
    }

    /// - Returns: the job that tells when that is done; nil: it is.
    public func updateService(
        _ guid: String, _ body: ServiceInstanceBody
    ) async throws(FoundryError) -> JobReference? {
        try Self.job(of: try await send(.patch, ["v3", "service_instances", guid], body))
    }

    /// - Returns: the job that tells when it is gone; nil: it is.
    public func deleteService(_ guid: String) async throws(FoundryError) -> JobReference? {
        try Self.job(
            of: try await connection.send(APICall(method: .delete, path: ["v3", "service_instances", guid])))
    }

    fileprivate static func job(of answer: APIAnswer) throws(FoundryError) -> JobReference? {
        answer.location == nil ? nil : try JobReference(answer)
    }
}

// Bindings: what apps and people reach an instance with.
extension FoundryAPI {
    /// - Parameter type: `app` or `key`; nil: both.
    /// - Parameter name: of a key; nil: of any name.
    public func serviceBindings(
        of instance: String, type: String? = nil, app: String? = nil, name: String? = nil
    ) async throws(FoundryError) -> [ServiceBindingAnswer] {
        var query = [(name: "service_instance_guids", value: instance)]
        if let type { query.append((name: "type", value: type)) }
        if let app { query.append((name: "app_guids", value: app)) }
        if let name { query.append((name: "names", value: name)) }
        return try await pages(["v3", "service_credential_bindings"], query)
    }

    /// - Returns: the job that tells when it can be used; nil: it can.
    public func bindService(_ body: ServiceBindingBody) async throws(FoundryError) -> JobReference? {
        try Self.job(of: try await send(.post, ["v3", "service_credential_bindings"], body))
    }

    /// - Returns: the job that tells when its credentials are refused; nil: they are.
    public func unbindService(_ guid: String) async throws(FoundryError) -> JobReference? {
        try Self.job(
            of: try await connection.send(APICall(method: .delete, path: ["v3", "service_credential_bindings", guid])))
    }

    /// Secret.
    public func serviceBindingDetails(_ guid: String) async throws(FoundryError) -> ServiceBindingDetailsAnswer {
        try await get(["v3", "service_credential_bindings", guid, "details"])
    }

    /// Another takes its place, with a user of its own.
    ///
    /// - Returns: the job that tells when the new one can be used; nil: it can.
    public func rotateServiceBinding(
        _ guid: String, _ body: BindingRotationBody
    ) async throws(FoundryError) -> JobReference? {
        let path = ["foundry", "v1", "service_credential_bindings", guid, "actions", "rotate"]
        return try Self.job(of: try await send(.post, path, body))
    }
}

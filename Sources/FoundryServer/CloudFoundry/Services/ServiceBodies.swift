import FoundryModel
import FoundryRules

/// What a `POST` or a `PATCH` of an instance says.
struct ServiceInstanceFields {
    private static let longestTags = 2_048

    var name: String?
    var plan: PlanID?
    var version: ReleaseVersion?
    var parameters: [String: ParameterValue]
    var tags: [String]
    var wishes: ServiceWishes
    var labels: [String: String]
    var annotations: [String: String]

    /// - Throws: `unknown_field`, `wrong_type`, `plan_not_found`, `maintenance_info_conflict`, `not_found` for another space.
    init(_ body: inout FieldReader) throws(FoundryError) {
        let type = try body.text("type")
        guard type == nil || type == "managed" else {
            throw FoundryError(.policyUnknown, "Only managed service instances are made here.", hint: "type: managed")
        }
        name = try body.text("name")
        parameters = try body.parameters()
        tags =
            try body.list("tags")?.map { value throws(FoundryError) in
                guard case .scalar(let text, _) = value, !text.contains(",") else {
                    throw FieldReader.wrongType("tags[]", value, "a text without commas")
                }
                return text
            } ?? []
        guard tags.joined(separator: ",").utf8.count <= Self.longestTags else {
            throw FoundryError(.badRequest, "The tags are longer than \(Self.longestTags) characters.")
        }
        (labels, annotations) = try body.metadata()
        var relationships = try body.fields("relationships")
        if let plan = try relationships?.guid("service_plan") {
            guard let id = PlanID(plan) else {
                throw FoundryError(.planNotFound, "Invalid service plan.", hint: "foundry marketplace")
            }
            self.plan = id
        }
        let space = try relationships?.guid("space")
        guard space == nil || space == Platform.space else {
            throw FoundryError(.notFound, "Space not found", hint: "its guid is `default`")
        }
        try relationships?.finish()
        if var maintenance = try body.fields("maintenance_info") {
            guard let version = ReleaseVersion(try maintenance.text("version") ?? "") else {
                throw FoundryError(
                    .maintenanceInfoConflict, "maintenance_info.version is no version.", hint: "foundry release ls")
            }
            self.version = version
            _ = try maintenance.text("description")
            try maintenance.finish()
        }
        wishes = try Self.wishes(&body)
        try body.finish()
    }

    private static func wishes(_ body: inout FieldReader) throws(FoundryError) -> ServiceWishes {
        guard var fields = try body.fields("foundry") else { return ServiceWishes() }
        let wishes = ServiceWishes(
            policy: ReleasePolicy(
                restartPolicy: try fields.text("restart_policy"), diskSync: try fields.text("disk_sync"),
                ioPerformance: try fields.text("io_performance"), fence: try fields.text("fence"),
                whenLost: try fields.text("when_lost")), memory: try fields.quantity("memory"),
            disk: try fields.quantity("disk"))
        try fields.finish()
        return wishes
    }

    /// - Throws: `bad_request` without a name or a plan.
    func provision(by caller: String) throws(FoundryError) -> ProvisionRequest {
        guard let name, let plan else {
            throw FoundryError(
                .badRequest, "A service instance needs a name and relationships.service_plan.",
                hint: "docs/reference/api.md")
        }
        var annotations = annotations
        if !tags.isEmpty { annotations[ServiceShapes.tags] = tags.joined(separator: ",") }
        return ProvisionRequest(
            name: name, plan: plan, parameters: parameters, wishes: wishes, origin: ServiceOrigin(by: caller),
            labels: labels, annotations: annotations)
    }

    /// - Returns: nil when nothing but the name is otherwise.
    func update(by caller: String) -> ServiceUpdateRequest? {
        guard plan != nil || version != nil || !parameters.isEmpty || wishes != ServiceWishes() else { return nil }
        return ServiceUpdateRequest(plan: plan, parameters: parameters, wishes: wishes, version: version, by: caller)
    }
}

extension FieldReader {
    /// `{"data":{"guid":"..."}}`
    mutating func guid(_ name: String) throws(FoundryError) -> String? {
        guard var relationship = try fields(name) else { return nil }
        var data = try relationship.fields("data")
        let guid = try data?.text("guid")
        try data?.finish()
        try relationship.finish()
        return guid
    }

    /// - Throws: `bad_request` for more than a few, or long ones.
    mutating func metadata() throws(FoundryError) -> (labels: [String: String], annotations: [String: String]) {
        guard var fields = try fields("metadata") else { return ([:], [:]) }
        let labels = try fields.variables("labels").compactMapValues { $0 }
        let annotations = try fields.variables("annotations").compactMapValues { $0 }
        try fields.finish()
        let all = Array(labels) + Array(annotations)
        guard all.count <= 64, all.allSatisfy({ $0.key.utf8.count <= 200 && $0.value.utf8.count <= 5_000 }) else {
            throw FoundryError(.badRequest, "There are more than 64 labels and annotations, or one is too long.")
        }
        return (labels, annotations)
    }
}

import FoundryClient
import FoundryModel

extension Sample {
    static let parameters = [
        ParameterSummary(
            name: "max_connections", type: "integer", minimum: 10, maximum: 5_000, defaultValue: .integer(100),
            description: "Clients at once"),
        ParameterSummary(
            name: "access", type: "choice", choices: ["read-write", "read-only"], defaultValue: .text("read-write"),
            description: "What it may do", restarts: false),
    ]

    static let offering = ServiceOfferingAnswer(
        guid: "o1", name: "postgresql", description: "A relational database.", tags: ["postgresql", "sql"],
        documentationUrl: nil, brokerCatalog: .init(id: "o1"), createdAt: time(0).description,
        updatedAt: time(0).description, broker: "b1", links: [:],
        foundry: .init(
            title: "PostgreSQL 15", version: "15.1.0", hasUsers: true, hasTls: true, parameters: [parameters[0]],
            bindingParameters: [parameters[1]]))

    static func plan(
        _ name: String = "small", members: Int = 1, sets: [String: ParameterValue] = [:]
    ) -> ServicePlanAnswer {
        ServicePlanAnswer(
            guid: "p-\(name)", name: name, description: "One server", maintenanceInfo: .init(version: "15.1.0"),
            brokerCatalog: .init(id: "p-\(name)"),
            schemas: .init(create: .object([:]), update: .object([:]), bind: .object([:])),
            createdAt: time(0).description, updatedAt: time(0).description, offering: "o1", links: [:],
            foundry: ReleasePlanSummary(
                guid: "p-\(name)", name: name, description: "One server", members: members, memory: 256 << 20,
                cpuMillicores: 1000, disk: 1 << 30, parameters: sets))
    }

    static func binding(
        _ type: String, name: String? = nil, app: String? = nil, state: String = "bound", retiresAt: WireTime? = nil
    ) -> ServiceBindingSummary {
        ServiceBindingSummary(
            guid: "b1", type: type, name: name, appGuid: app.map { "\($0)-guid" }, appName: app, state: state,
            createdAt: time(0), retiresAt: retiresAt)
    }

    static func instance(
        _ name: String = "orders-db", state: String = "running", operation: String = "succeeded",
        says: String = "", upgrade: String? = nil, disk: Int64? = 1 << 30, bindings: [ServiceBindingSummary] = []
    ) -> ServiceInstanceAnswer {
        ServiceInstanceAnswer(
            guid: "i1", name: name, dashboardUrl: "https://127.0.0.1:8443/services/i1",
            upgradeAvailable: upgrade != nil, maintenanceInfo: .init(version: "15.1.0"),
            lastOperation: LastOperation(
                type: "create", state: operation, description: says, createdAt: time(0).description,
                updatedAt: time(10).description),
            createdAt: time(0).description, updatedAt: time(10).description, space: "default", plan: "p-small",
            links: [:],
            foundry: .init(
                offering: "postgresql", plan: "small", version: "15.1.0", newestVersion: upgrade, appGuid: "a1",
                state: state, isFounded: true,
                parameters: ["max_connections": .integer(200), "log": .boolean(false)],
                givenParameters: ["max_connections"], restartPolicy: "consistent",
                policy: PolicySummary(diskSync: "immediate", ioPerformance: "max"), memory: 256 << 20, disk: disk,
                members: [leader], route: route(20_001), bindings: bindings, change: nil, job: "j1",
                createdBy: "operator", context: [:]))
    }

    static var leader: MemberSummary {
        var member = member()
        member.name = "orders-db/0"
        member.role = "primary"
        return member
    }

    static func plannedService(
        _ action: String, changes: [PlannedChange] = [], sentences: [ContractLine] = [], restarts: Bool = false,
        members: Int = 1
    ) -> PlannedService {
        PlannedService(
            name: "orders-db", action: action, offering: "postgresql", plan: "small", version: "15.1.0",
            members: members, memory: 256 << 20, cpuMillicores: 1000, disk: 1 << 30, route: route(20_001),
            contract: [ContractLine(id: "crash-restarts", text: "If its process ends, it is started again.")],
            changes: changes, newSentences: sentences, restarts: restarts)
    }
}

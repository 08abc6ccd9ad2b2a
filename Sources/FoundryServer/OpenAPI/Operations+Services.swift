import FoundryClient

extension Operations {
    private static let instanceFields = [
        "fields[service_plan]", "fields[service_plan.service_offering]",
        "fields[service_plan.service_offering.service_broker]", "fields[space]", "fields[space.organization]",
    ]
    private static let brokerInstance = "/v2/service_instances/:instance_id"
    private static let brokerBinding = "\(brokerInstance)/service_bindings/:binding_id"
    private static let brokerNames: [Operation.Query] = [.text("service_id"), .text("plan_id"), patience]
    private static let patience = Operation.Query.flag("accepts_incomplete")

    static let services = catalog + instances + bindings + releases + broker + pages

    private static let catalog: [Operation] = [
        list(
            "/v3/service_offerings", "What is offered", .json(Page<ServiceOfferingAnswer>.self),
            [
                "available", "guids", "names", "service_broker_guids", "service_broker_names", "space_guids",
                "organization_guids", "fields[service_broker]",
            ]), read("/v3/service_offerings/:guid", "One offering", ServiceOfferingAnswer.self),
        list(
            "/v3/service_plans", "Its sizes", .json(Page<ServicePlanAnswer>.self),
            [
                "available", "guids", "names", "include", "service_broker_guids", "service_broker_names",
                "service_offering_guids", "service_offering_names", "service_instance_guids", "space_guids",
                "organization_guids", "fields[service_offering.service_broker]",
            ]), read("/v3/service_plans/:guid", "One plan", ServicePlanAnswer.self),
        read("/v3/service_plans/:guid/visibility", "Everybody sees it", ServicePlanVisibilityAnswer.self),
        list(
            "/v3/service_brokers", "There is one", .json(Page<ServiceBrokerAnswer>.self), ["names", "space_guids"]),
        read("/v3/feature_flags/:name", "Whether instances are shared", FeatureFlagAnswer.self),
    ]

    private static let instances: [Operation] = [
        list(
            "/v3/service_instances", "Service instances", .json(Page<ServiceInstanceAnswer>.self),
            [
                "names", "guids", "type", "space_guids", "organization_guids", "service_plan_guids",
                "service_plan_names", "service_offering_guids", "service_offering_names",
            ] + instanceFields),
        Operation(
            call: "POST /v3/service_instances", summary: "Make one", body: .json(BodySchemas.serviceInstance),
            answer: .job), read("/v3/service_instances/:guid", "One instance", ServiceInstanceAnswer.self),
        Operation(
            call: "PATCH /v3/service_instances/:guid",
            summary: "Change it: 200 when that is done at once, 202 with a job otherwise",
            body: .json(BodySchemas.serviceChange), answer: .json(ServiceInstanceAnswer.self)),
        Operation(call: "DELETE /v3/service_instances/:guid", summary: "Delete it with its data", answer: .job),
        Operation(
            call: "GET /v3/service_instances/:guid/parameters", summary: "As they were given", answer: .object()),
        Operation(
            call: "GET /v3/service_instances/:guid/relationships/shared_spaces", summary: "There are none",
            query: paging + ["fields[space]", "fields[space.organization]"].map { .text($0) }, answer: .object()),
        Operation(
            call: "POST /foundry/v1/service_instances/plan", summary: "What making or changing one would do",
            body: .json(BodySchemas.servicePlanning), answer: .json(PlannedService.self)),
    ]

    private static let bindings: [Operation] = [
        list(
            "/v3/service_credential_bindings", "Bindings of apps, and keys", .json(Page<ServiceBindingAnswer>.self),
            [
                "app_guids", "app_names", "guids", "include", "names", "service_instance_guids",
                "service_instance_names", "service_offering_guids", "service_offering_names", "service_plan_guids",
                "type",
            ]),
        Operation(
            call: "POST /v3/service_credential_bindings", summary: "Make one",
            body: .json(BodySchemas.serviceBinding), answer: .job),
        read("/v3/service_credential_bindings/:guid", "One binding", ServiceBindingAnswer.self),
        Operation(call: "DELETE /v3/service_credential_bindings/:guid", summary: "Remove it", answer: .job),
        Operation(
            call: "GET /v3/service_credential_bindings/:guid/details", summary: "Its credentials",
            answer: .json(ServiceBindingDetailsAnswer.self)),
        Operation(
            call: "GET /v3/service_credential_bindings/:guid/parameters", summary: "As they were given",
            answer: .object()),
        Operation(
            call: "POST /foundry/v1/service_credential_bindings/:guid/actions/rotate",
            summary: "Another takes its place", body: .json(BodySchemas.rotation), answer: .job),
    ]

    private static let releases: [Operation] = [
        read("/foundry/v1/releases", "Releases that are installed", ListAnswer<ReleaseSummary>.self),
        read("/foundry/v1/releases/:name", "Versions of one", ListAnswer<ReleaseSummary>.self),
        Operation(
            call: "POST /foundry/v1/releases", summary: "Install an upload", body: .json(BodySchemas.release),
            answer: .lines),
        Operation(
            call: "DELETE /foundry/v1/releases/:name", summary: "Remove it, or one version of it",
            query: [.text("version")], answer: .json(ReleaseRemoval.self)),
        read(
            "/foundry/v1/broker_credentials", "Who may use the broker", ListAnswer<BrokerCredentialSummary>.self),
        Operation(
            call: "POST /foundry/v1/broker_credentials", summary: "Let another one use it",
            body: .json(BodySchemas.brokerCredential), answer: .json(BrokerCredentialSummary.self, 201)),
        Operation(
            call: "DELETE /foundry/v1/broker_credentials/:name", summary: "Let it use it no more", answer: .nothing),
        Operation(
            call: "POST /foundry/v1/secrets/actions/rotate", summary: "Seal secrets with another key",
            answer: .json(SecretsRotationAnswer.self)),
    ]

    private static let broker: [Operation] = [
        Operation(call: "GET /v2/catalog", summary: "Offerings and plans", answer: .object()),
        Operation(call: "GET \(brokerInstance)", summary: "One instance", answer: .object()),
        Operation(
            call: "PUT \(brokerInstance)", summary: "Provision", query: [patience],
            body: .json(BodySchemas.brokerInstance), answer: .object(202)),
        Operation(
            call: "PATCH \(brokerInstance)", summary: "Update", query: [patience],
            body: .json(BodySchemas.brokerUpdate), answer: .object(202)),
        Operation(
            call: "DELETE \(brokerInstance)", summary: "Deprovision", query: brokerNames, answer: .object(202)),
        Operation(
            call: "GET \(brokerInstance)/last_operation", summary: "How far it is", query: [.text("operation")],
            answer: .object()),
        Operation(call: "GET \(brokerBinding)", summary: "One binding", answer: .object()),
        Operation(
            call: "PUT \(brokerBinding)", summary: "Bind", query: [patience], body: .json(BodySchemas.brokerBinding),
            answer: .object(201)),
        Operation(call: "DELETE \(brokerBinding)", summary: "Unbind", query: brokerNames, answer: .object()),
        Operation(
            call: "GET \(brokerBinding)/last_operation", summary: "How far it is", query: [.text("operation")],
            answer: .object()),
    ]

    private static let pages: [Operation] = [
        Operation(
            call: "GET /services", summary: "Every instance, as a page or as JSON", answer: .object(), isOpen: true),
        Operation(
            call: "GET /services/:guid", summary: "One instance, as a page or as JSON", answer: .object(), isOpen: true),
    ]
}

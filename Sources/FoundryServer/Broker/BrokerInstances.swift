import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Service instances of the broker's clients. Those that were made here by other ways are none of theirs.
struct BrokerInstances: Sendable {
    let platform: Platform

    private var work: ServiceWork { ServiceWork(platform: platform) }

    func provision(_ call: BrokerCall) async throws(FoundryError) -> Response {
        var body = try call.body()
        let (release, plan) = try offering(try body.needed("service_id"), try body.needed("plan_id"))
        try checkMaintenance(try version(&body), release)
        let request = ProvisionRequest(
            id: call.instance, plan: plan, parameters: try body.parameters(), origin: try call.origin(&body))
        if let there = platform.view.instances[call.instance]?.value {
            guard there.origin.isBroker else { throw Self.taken }
            if there.operation.kind == .delete { try refuse(there) }
        }
        let answer = try await work.provision(request, by: call.request.caller, check: Self.patience(call))
        let fields = ["dashboard_url": dashboard(answer.subject.id, call)]
        switch answer.standing {
        case .begun, .inProgress: return try BrokerAnswer.accepted(fields, job: answer.job)
        case .done: return try BrokerAnswer.json(.object(fields))
        }
    }

    func update(_ call: BrokerCall) async throws(FoundryError) -> Response {
        var body = try call.body()
        let service = try body.needed("service_id")
        let instance = try Self.instance(call, platform.view)
        try Self.checkService(service, instance)
        var request = ServiceUpdateRequest(parameters: try body.parameters(), by: call.request.caller)
        if let plan = try body.text("plan_id") {
            guard let id = PlanID(plan), offers(instance, id) else { throw Self.missingPlan }
            request.plan = id
        }
        if let version = try version(&body) {
            guard let release = platform.view.offering(instance.offering) else { throw Self.missingOffering }
            try checkMaintenance(version, release)
            request.version = release.manifest.version
        }
        let answer = try await work.update(
            call.instance, request, by: call.request.caller, check: Self.patience(call))
        let fields = ["dashboard_url": dashboard(call.instance, call)]
        switch answer.standing {
        case .begun, .inProgress: return try BrokerAnswer.accepted(fields, job: answer.job)
        case .done: return try BrokerAnswer.json(.object(fields))
        }
    }

    func deprovision(_ call: BrokerCall) async throws(FoundryError) -> Response {
        let names = try call.names()
        guard let instance = platform.view.instances[call.instance]?.value, instance.origin.isBroker else {
            return try BrokerAnswer.gone()
        }
        try Self.checkService(names.service, instance)
        let outcome: Result<ServiceWork.InstanceAnswer, FoundryError>
        do throws(FoundryError) {
            outcome = .success(
                try await work.delete(call.instance, by: call.request.caller, check: Self.patience(call)))
        } catch { outcome = .failure(error) }
        // It went in the meantime.
        if case .failure(let error) = outcome, error.code == .serviceNotFound { return try BrokerAnswer.gone() }
        return try BrokerAnswer.accepted([:], job: try outcome.get().job)
    }

    func fetch(_ call: BrokerCall) throws(FoundryError) -> Response {
        let view = platform.view
        let instance = try Self.instance(call, view)
        switch (instance.operation.kind, instance.operation.state) {
        case (.create, .inProgress), (.create, .failed): throw BindingVerbs.missingInstance
        case (.update, .inProgress), (.delete, _): try refuse(instance)
        case (.create, .succeeded), (.update, .succeeded), (.update, .failed): break
        }
        return try BrokerAnswer.json([
            "service_id": .text(instance.offering.description), "plan_id": .text(instance.plan.description),
            "dashboard_url": dashboard(instance.id, call), "parameters": JSONNode(instance.parameters),
            "maintenance_info": ["version": .text(instance.release.version.description)],
        ])
    }

    func lastOperation(_ call: BrokerCall) throws(FoundryError) -> Response {
        let view = platform.view
        let asked = call.query("operation").flatMap { JobID($0) }.flatMap { view.jobs[$0]?.value }
        if let asked, asked.instance != call.instance {
            throw BrokerCall.bad("The operation is not one of this service instance.")
        }
        guard let instance = view.instances[call.instance]?.value, instance.origin.isBroker else {
            // Whoever has an operation saw the instance once.
            guard call.query("operation") != nil || wasDeleted(call.instance, view) else {
                throw BindingVerbs.missingInstance
            }
            return try BrokerAnswer.gone()
        }
        if let asked, asked.id != instance.operation.job, asked.binding == nil {
            return try BrokerOperation(job: asked).answer()
        }
        return try BrokerOperation(instance, view).answer()
    }

    private func wasDeleted(_ id: ServiceInstanceID, _ view: PlatformView) -> Bool {
        view.jobs.values.contains { $0.value.instance == id && $0.value.operation == .deleteService }
    }

    static func instance(
        _ call: BrokerCall, _ view: PlatformView
    ) throws(FoundryError) -> ServiceInstanceRecord {
        guard let instance = view.instances[call.instance]?.value, instance.origin.isBroker else {
            throw BindingVerbs.missingInstance
        }
        return instance
    }

    /// What takes time is begun for those only who can wait for it.
    private static func patience(
        _ call: BrokerCall
    ) -> @Sendable (ServiceWork.InstanceAnswer) throws(FoundryError) -> Void {
        let isPatient = call.isPatient
        return { answer throws(FoundryError) in
            guard isPatient || answer.standing == .done else { throw Self.needsPatience }
        }
    }

    static let needsPatience = FoundryError(
        .asyncRequired, "This Service Plan requires client support for asynchronous service operations.",
        hint: "accepts_incomplete=true")
    private static let missingOffering = FoundryError(.offeringNotFound, "No offering has this service_id.")
    private static let missingPlan = FoundryError(.planNotFound, "The offering has no plan of this plan_id.")
    private static let taken = FoundryError(.serviceTaken, "A service instance of this id exists, and is another one.")

    static func checkService(_ service: String, _ instance: ServiceInstanceRecord) throws(FoundryError) {
        guard service == instance.offering.description else {
            throw BrokerCall.bad("The service instance is not of this service_id.")
        }
    }

    private func offering(
        _ service: String, _ plan: String
    ) throws(FoundryError) -> (release: ReleaseRecord, plan: PlanID) {
        guard let release = OfferingID(service).flatMap({ platform.view.offering($0) }) else {
            throw Self.missingOffering
        }
        guard let id = PlanID(plan), release.plan(id) != nil else { throw Self.missingPlan }
        return (release, id)
    }

    /// A plan of its offering, in the version that it has or in the newest.
    private func offers(_ instance: ServiceInstanceRecord, _ plan: PlanID) -> Bool {
        let view = platform.view
        return view.releases[instance.release]?.value.plan(plan) != nil
            || view.offering(instance.offering)?.plan(plan) != nil
    }

    private func version(_ body: inout FieldReader) throws(FoundryError) -> String? {
        guard var maintenance = try body.fields("maintenance_info") else { return nil }
        return try maintenance.needed("version")
    }

    private func checkMaintenance(_ version: String?, _ release: ReleaseRecord) throws(FoundryError) {
        guard version.map({ $0 == release.manifest.version.description }) ?? true else {
            throw FoundryError(
                .maintenanceInfoConflict,
                "maintenance_info.version is not \(release.manifest.version), which the catalog has.")
        }
    }

    private func refuse(_ instance: ServiceInstanceRecord) throws(FoundryError) {
        throw FoundryError(
            .serviceBusy, "An operation on \(instance.name) has not ended yet: \(instance.operation.kind.rawValue).")
    }

    private func dashboard(_ id: ServiceInstanceID, _ call: BrokerCall) -> JSONNode {
        .text("\(call.request.base)/services/\(id)")
    }
}

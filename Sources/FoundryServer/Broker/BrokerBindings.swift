import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Bindings of the broker's clients.
struct BrokerBindings: Sendable {
    /// Of a client that cannot ask again.
    static let longestWait = Duration.seconds(30)
    /// Of one that can: mostly it is done by then.
    private static let shortWait = Duration.seconds(2)
    private static let appField = "app_guid"

    let platform: Platform

    private var work: ServiceWork { ServiceWork(platform: platform) }

    func bind(_ call: BrokerCall) async throws(FoundryError) -> Response {
        let id = try call.binding()
        var body = try call.body()
        let (service, plan) = (try body.needed("service_id"), try body.needed("plan_id"))
        let instance = try BrokerInstances.instance(call, platform.view)
        try BrokerInstances.checkService(service, instance)
        guard plan == instance.plan.description else {
            throw BrokerCall.bad("The service instance is not of this plan_id.")
        }
        let request = try self.request(id, call, &body)
        let permit = try permit(call)
        let answer = try await work.bind(request, by: call.request.caller) { answer throws(FoundryError) in
            guard answer.subject.origin.isBroker,
                answer.subject.origin.context[Self.appField] == request.origin.context[Self.appField]
            else {
                throw FoundryError(.bindingTaken, "A binding of this id exists, and is another one.")
            }
        }
        if answer.standing != .done, let permit {
            _ = await platform.wait(call.isPatient ? Self.shortWait : Self.longestWait, holding: permit) { view in
                guard case .binding? = view.bindings[id]?.value.state else { return true }
                return false
            }
        }
        return try answered(id, answer, call)
    }

    /// To wait: a client that cannot ask again is refused before anything is begun, when too many wait already. nil: it asks again.
    private func permit(_ call: BrokerCall) throws(FoundryError) -> Permits.Permit? {
        do throws(FoundryError) { return try platform.permits.take() } catch {
            guard call.isPatient else { throw error }
            return nil
        }
    }

    private func request(
        _ id: BindingID, _ call: BrokerCall, _ body: inout FieldReader
    ) throws(FoundryError) -> BindRequest {
        var origin = try call.origin(&body)
        var resource = try body.fields("bind_resource")
        var app = try body.text("app_guid")
        if let inner = try resource?.text("app_guid") { app = inner }
        if let app { origin.context[Self.appField] = BrokerCall.told(app) }
        var predecessor: BindingID?
        if let text = try body.text("predecessor_binding_id") {
            guard let old = BindingID(text), let binding = platform.view.bindings[old]?.value,
                binding.instance == call.instance, binding.origin.isBroker, binding.state != .revoked
            else { throw BrokerCall.bad("predecessor_binding_id is no binding of this service instance.") }
            predecessor = old
        }
        return BindRequest(
            id: id, instance: call.instance, parameters: try body.parameters(), predecessor: predecessor,
            origin: origin)
    }

    /// As it is now, after the wait.
    private func answered(
        _ id: BindingID, _ answer: ServiceWork.BindingAnswer, _ call: BrokerCall
    ) throws(FoundryError) -> Response {
        let view = platform.view
        guard let binding = view.bindings[id]?.value else {
            throw FoundryError(.serviceBusy, "The binding was removed before it could be used.")
        }
        switch binding.state {
        case .bound, .renewing:
            return try BrokerAnswer.json(try shown(binding, view), answer.writes.isEmpty ? .ok : .created)
        case .binding where call.isPatient: return try BrokerAnswer.accepted([:], job: answer.job)
        case .binding:
            throw FoundryError(
                .timedOut, "The binding takes longer than \(Self.longestWait).", hint: "accepts_incomplete=true")
        // What cannot be bound is not there for a platform: it cleans up after a 500.
        case .failed(let error): throw FoundryError(.internalError, error.message)
        case .unbinding, .revoked: throw FoundryError(.serviceBusy, "The binding is being removed.")
        }
    }

    func unbind(_ call: BrokerCall) async throws(FoundryError) -> Response {
        let id = try call.binding()
        let names = try call.names()
        guard let binding = platform.view.bindings[id]?.value, binding.instance == call.instance,
            binding.origin.isBroker, binding.state != .revoked,
            let instance = platform.view.instances[call.instance]?.value,
            instance.origin.isBroker
        else { return try BrokerAnswer.gone() }
        try BrokerInstances.checkService(names.service, instance)
        let permit = try permit(call)
        let outcome: Result<ServiceWork.BindingAnswer, FoundryError>
        do throws(FoundryError) {
            outcome = .success(try await work.unbind(id, by: call.request.caller))
        } catch { outcome = .failure(error) }
        if case .failure(let error) = outcome, error.code == .bindingNotFound { return try BrokerAnswer.gone() }
        let answer = try outcome.get()
        let isOver: @Sendable (PlatformView) -> Bool = { $0.bindings[id].map { $0.value.state == .revoked } ?? true }
        var isGone = isOver(platform.view)
        if !isGone, let permit {
            isGone = await platform.wait(
                call.isPatient ? Self.shortWait : Self.longestWait, holding: permit, until: isOver)
        }
        if isGone { return try BrokerAnswer.json([:]) }
        guard call.isPatient else {
            throw FoundryError(
                .timedOut, "Unbinding takes longer than \(Self.longestWait).", hint: "accepts_incomplete=true")
        }
        return try BrokerAnswer.accepted([:], job: answer.job)
    }

    func fetch(_ call: BrokerCall) throws(FoundryError) -> Response {
        let view = platform.view
        let binding = try binding(call, view)
        guard binding.isUsable else { throw BindingVerbs.missing }
        return try BrokerAnswer.json(try shown(binding, view).with(["parameters": JSONNode(binding.parameters)]))
    }

    func lastOperation(_ call: BrokerCall) throws(FoundryError) -> Response {
        let id = try call.binding()
        let view = platform.view
        let asked = call.query("operation").flatMap { JobID($0) }.flatMap { view.jobs[$0]?.value }
        if let asked, asked.binding != id { throw BrokerCall.bad("The operation is not one of this binding.") }
        guard let binding = view.bindings[id]?.value, binding.instance == call.instance, binding.state != .revoked
        else {
            let wasThere =
                call.query("operation") != nil || view.bindings[id]?.value.instance == call.instance
                || view.jobs.values.contains { $0.value.binding == id && $0.value.instance == call.instance }
            guard wasThere else { throw BindingVerbs.missing }
            return try BrokerAnswer.gone()
        }
        _ = try BrokerInstances.instance(call, view)
        switch binding.state {
        case .binding: return try BrokerOperation(state: .processing, began: binding.createdAt).answer()
        case .bound, .renewing: return try BrokerOperation(state: .complete, began: binding.createdAt).answer()
        case .failed(let error):
            return try BrokerOperation(state: .failed(error), began: binding.createdAt).answer()
        case .unbinding, .revoked:
            return try BrokerOperation(state: .processing, began: binding.updatedAt).answer()
        }
    }

    private func binding(_ call: BrokerCall, _ view: PlatformView) throws(FoundryError) -> BindingRecord {
        _ = try BrokerInstances.instance(call, view)
        let binding = try ServiceWork.binding(try call.binding(), view).value
        // One that was made here by another way is none of the client's.
        guard binding.instance == call.instance, binding.origin.isBroker else { throw BindingVerbs.missing }
        return binding
    }

    /// Secret.
    private func shown(_ binding: BindingRecord, _ view: PlatformView) throws(FoundryError) -> JSONNode {
        let (credentials, place) = try ServiceShown(platform: platform).credentials(binding, view)
        return [
            "credentials": JSONNode(credentials),
            "endpoints": [["host": .text(place.host), "ports": [.text("\(place.port)")], "protocol": "tcp"]],
        ]
    }
}

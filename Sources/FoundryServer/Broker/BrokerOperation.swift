import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// How far an operation is, as `last_operation` tells it.
struct BrokerOperation {
    private let state: JobState
    private let description: String?
    private let began: Timestamp
    /// Of an update: it goes on as it was before, and may be asked for again.
    private var isUpdate = false

    init(job: JobRecord) {
        self.init(state: job.state, began: job.createdAt)
        isUpdate = job.operation == .updateService
    }

    init(_ instance: ServiceInstanceRecord, _ view: PlatformView) {
        let operation = instance.operation
        let state: JobState
        switch operation.state {
        case .inProgress: state = .processing
        case .succeeded: state = .complete
        case .failed(let error): state = .failed(error)
        }
        let members = view.memberRecords(of: instance.workload)
        let ready = members.filter { view.statuses[$0.value.id]?.value.phase == .healthy }.count
        self.init(
            state: state, began: operation.createdAt,
            progress: operation.kind == .delete ? "is being deleted" : "\(ready) of \(members.count) members are ready")
        isUpdate = operation.kind == .update
    }

    init(state: JobState, began: Timestamp, progress: String? = nil) {
        self.state = state
        self.began = began
        if case .failed(let error) = state { description = error.message } else { description = progress }
    }

    func answer() throws(FoundryError) -> Response {
        var fields: [String: JSONNode] = [:]
        switch state {
        case .processing: fields["state"] = "in progress"
        case .complete: fields["state"] = "succeeded"
        case .failed:
            fields["state"] = "failed"
            fields["instance_usable"] = .flag(isUpdate)
            fields["update_repeatable"] = .flag(isUpdate)
        }
        if state != .complete, let description { fields["description"] = .text(description) }
        var response = try BrokerAnswer.json(.object(fields))
        if state == .processing {
            BrokerAnswer.retry(after: Self.pause(SystemClock.timestamp() - began), &response)
        }
        return response
    }

    /// Seconds; most things take few.
    private static func pause(_ milliseconds: Int64) -> Int {
        milliseconds < 20_000 ? 1 : milliseconds < 120_000 ? 5 : 10
    }
}

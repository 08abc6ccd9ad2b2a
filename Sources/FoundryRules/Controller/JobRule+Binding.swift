import FoundryModel

extension JobRule {
    static func bound(_ job: JobRecord, _ view: PlatformView) -> JobState? {
        guard let binding = job.binding.flatMap({ view.bindings[$0]?.value }) else {
            return .failed(FoundryError(.conflict, "The binding was removed before it could be used."))
        }
        switch binding.state {
        case .binding: return nil
        case .bound, .renewing: return .complete
        case .failed(let error): return .failed(error)
        case .unbinding, .revoked: return .failed(FoundryError(.conflict, "The binding is being removed."))
        }
    }

    static func unbound(
        _ job: JobRecord, _ view: PlatformView, _ reports: [CellID: CellReport], _ now: Timestamp
    ) -> JobState? {
        guard let binding = job.binding.flatMap({ view.bindings[$0]?.value }), case .unbinding(let verb) = binding.state
        else {
            return .complete
        }
        let place = view.instances[binding.instance].flatMap { view.place(of: $0.value) }
        guard isOverdue(since: job.createdAt, now: now),
            case .failed(let error)? = reports.outcome(of: verb, in: place)
        else { return nil }
        return .failed(error)
    }
}

extension [CellID: CellReport] {
    /// What a cell says of a verb that ran in this data: of what was done in other data, as before its cell was lost, nothing follows.
    func outcome(of verb: VerbID, in place: BindingPlace?) -> VerbStatus.Outcome? {
        for report in values {
            guard let status = report.verbs?.first(where: { $0.id == verb }) else { continue }
            if status.place == nil || status.place == place || Planted.has(.verbOfOtherDataBelieved) {
                return status.outcome
            }
        }
        return nil
    }
}

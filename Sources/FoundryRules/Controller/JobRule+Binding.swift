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
        guard now - job.createdAt >= problemMilliseconds, case .failed(let error)? = reports.outcome(of: verb) else {
            return nil
        }
        return .failed(error)
    }
}

extension [CellID: CellReport] {
    /// What a cell says of a verb.
    func outcome(of verb: VerbID) -> VerbStatus.Outcome? {
        for report in values {
            if let status = report.verbs?.first(where: { $0.id == verb }) { return status.outcome }
        }
        return nil
    }
}

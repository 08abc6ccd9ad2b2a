import FoundryModel

extension JobRule {
    static func bound(_ job: JobRecord, _ view: PlatformView) -> JobState? {
        guard let binding = job.binding.flatMap({ view.bindings[$0]?.value }) else {
            return .failed(FoundryError(.conflict, "The binding was removed before it could be used."))
        }
        switch binding.state {
        case .binding: return nil
        case .bound: return .complete
        case .failed(let error): return .failed(error)
        case .unbinding: return .failed(FoundryError(.conflict, "The binding is being removed."))
        }
    }
}

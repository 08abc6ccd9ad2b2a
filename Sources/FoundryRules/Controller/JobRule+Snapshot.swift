import FoundryModel

extension JobRule {
    /// One that could not be taken fails its job itself.
    static func snapshot(_ job: JobRecord, _ view: PlatformView) -> JobState? {
        switch job.snapshot.flatMap({ view.snapshots[$0] })?.value.state {
        case .asked: nil
        case .taken: .complete
        case .removing, nil:
            .failed(FoundryError(.conflict, "The snapshot of \(job.appName) was removed before it was taken."))
        }
    }
}

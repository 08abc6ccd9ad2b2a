import FoundryModel

extension JobRule {
    /// It serves, and a snapshot that was taken for it alone is gone. One that could not be made fails its job itself.
    static func cloned(
        _ job: JobRecord, _ app: AppRecord?, _ view: PlatformView, _ router: RouterReport?, _ sights: CellSights,
        _ now: Timestamp
    ) -> JobState? {
        let state = started(job, app, view, router, sights, now)
        let isLeft = job.snapshot.flatMap { view.snapshots[$0] }?.value.madeFor != nil
        return state == .complete && isLeft ? nil : state
    }

    /// The app has the disk that it was to go back to, and serves from it if it is to run.
    static func rewound(
        _ job: JobRecord, _ app: AppRecord?, _ view: PlatformView, _ router: RouterReport?, _ sights: CellSights,
        _ now: Timestamp
    ) -> JobState? {
        guard let app, app.desired.isToStay, let volume = job.volume.flatMap({ view.volumes[$0]?.value }) else {
            return .failed(FoundryError(.conflict, "\(job.appName) was deleted before it went back."))
        }
        guard volume.replaces == nil else { return held(job, volume, view, now) }
        guard view.member(with: volume.id) != nil else {
            return .failed(FoundryError(.conflict, "\(job.appName) went on to another disk before it served."))
        }
        return app.desired == .started ? started(job, app, view, router, sights, now) : .complete
    }

    /// It does not let go of the disk that it has: that is tried again and again, and not waited for without end.
    private static func held(
        _ job: JobRecord, _ volume: VolumeRecord, _ view: PlatformView, _ now: Timestamp
    ) -> JobState? {
        let holder = volume.replaces.flatMap { view.member(with: $0) }
        guard let problem = holder.flatMap({ view.statuses[$0.id]?.value.problem }),
            now - job.createdAt >= problemMilliseconds
        else { return nil }
        return .failed(problem)
    }

    static func removed(_ job: JobRecord, _ view: PlatformView) -> JobState? {
        job.volume.flatMap { view.volumes[$0] }?.value.phase == .purging ? nil : .complete
    }
}

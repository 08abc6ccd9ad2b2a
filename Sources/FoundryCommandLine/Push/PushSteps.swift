import FoundryClient
import FoundryModel

/// Which steps of a push are shown, and when: read from the apps' events as they come.
struct PushSteps: Sendable {
    enum Step: Hashable, Sendable {
        case done(String, String)
        case failed(String, String)
        /// Goes on now.
        case running(String, String)
    }

    private let since: Timestamp
    /// Guids.
    private let apps: Set<String>
    /// Guids: events come by the stream, and once more at the end, so that none is missing.
    private var seen: Set<String> = []

    /// - Parameter since: of the server's clock; events from before belong to an earlier push.
    init(of apps: Set<String>, since: Timestamp) {
        self.apps = apps
        self.since = since
    }

    mutating func steps(for event: EventSummary) -> [Step] {
        guard let app = event.app, apps.contains(app), event.time.timestamp >= since, seen.insert(event.guid).inserted,
            let name = EventName(rawValue: event.kind)
        else { return [] }
        let text = "\(event.subject) \(event.message)"
        return switch name {
        case .memberPlaced: [.done("placed", text), .running("start", event.subject)]
        case .volumeMade: [.done("disk", text), .running("start", event.subject)]
        case .memberRunning: [.done("healthy", text)]
        case .memberExited, .memberUnhealthy:
            [.failed("ended", text), .running("start", "\(event.subject), once more")]
        case .memberCrashed: [.failed("crashed", text)]
        case .memberRefused: [.failed("refused", text)]
        case .memberStopped: [.done("stopped", text), .running("start", event.subject)]
        case .appPushed, .appStarted, .appStopped, .appRestarted, .appDeleted, .memberUnplaced, .memberRemoved,
            .volumeGranted, .volumeSealed, .volumeKept, .volumePurged, .volumeUnknown, .volumeHandedOver,
            .volumeForked, .volumeOvertaken, .volumeAdopted, .cellExpired, .cellReturned, .cellReplaced,
            .cellDrained, .cellUndrained, .fenceOpened, .fenceEvidence, .fenceLifted, .brakeEngaged, .brakeReleased,
            .rolloutEnded, .appScaled, .appHealthChanged, .memberUnready, .maintenanceBegun, .maintenanceEnded,
            .storeRestored, .tokenCreated,
            .tokenRevoked, .snapshotTaken, .snapshotFailed, .snapshotRemoved, .appCloned, .appRewound, .volumeRewound,
            .volumeUnmade, .releaseInstalled, .releaseRemoved, .serviceCreated, .serviceUpdated, .serviceRenamed,
            .serviceDeleted, .serviceReady, .serviceFailed, .serviceGone, .bindingCreated, .bindingReady,
            .bindingFailed, .bindingRemoved, .bindingGone, .credentialCreated, .credentialRevoked:
            []
        }
    }

    /// What is to be shown when an app is as it was asked for.
    static func last(for app: AppSummary, milliseconds: Int64) -> [Step] {
        guard app.state == "running", let route = app.route else { return [] }
        return [.done("route", "\(RouteText.of(route)), after \(milliseconds / 1000).\(milliseconds % 1000 / 100) s")]
    }
}

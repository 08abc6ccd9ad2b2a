import FoundryClient
import FoundryModel

/// Which steps of a push are shown, and when: read from the app's events as they come.
struct PushSteps: Sendable {
    enum Step: Hashable, Sendable {
        case done(String, String)
        case failed(String, String)
        /// Goes on now.
        case running(String, String)
    }

    private let since: Timestamp
    /// Guids: events come by the stream, and once more at the end, so that none is missing.
    private var seen: Set<String> = []

    /// - Parameter since: of the server's clock; events from before belong to an earlier push.
    init(since: Timestamp) { self.since = since }

    mutating func steps(for event: EventSummary) -> [Step] {
        guard event.time.timestamp >= since, seen.insert(event.guid).inserted, let name = EventName(rawValue: event.kind) else { return [] }
        return switch name {
        case .memberPlaced: [.done("placed", event.message), .running("start", event.subject)]
        case .volumeMade: [.done("volume", event.message), .running("start", event.subject)]
        case .memberRunning: [.done("started", event.message), .running("health", "waiting for the first answer")]
        case .memberExited, .memberUnhealthy: [.failed("ended", event.message), .running("start", "once more")]
        case .memberCrashed: [.failed("crashed", event.message)]
        case .memberRefused: [.failed("refused", event.message)]
        case .memberStopped: [.done("stopped", event.message), .running("start", event.subject)]
        case .appPushed, .appStarted, .appStopped, .appRestarted, .appDeleted, .memberUnplaced, .memberRemoved, .volumeGranted,
            .volumeSealed, .volumeKept, .volumePurged, .volumeUnknown, .controllerStarted:
            []
        }
    }

    /// What is to be shown when an app is as it was asked for.
    static func last(for app: AppSummary, milliseconds: Int64) -> [Step] {
        guard app.state == "running" else { return [] }
        let time = "after \(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
        return [.done("healthy", time)] + (app.route.map { [.done("route", RouteText.of($0))] } ?? [])
    }
}

import FoundryClient
import FoundryModel

/// Events as a table, oldest first.
public struct EventsView {
    private let events: [EventSummary]

    public init(_ events: [EventSummary]) { self.events = events }

    public func lines(on terminal: Terminal) -> [String] {
        if events.isEmpty { return ["No events."] }
        var table = Table([.init("time"), .init("event"), .init("subject"), .init("what happened", isFlexible: true)])
        for event in events {
            table.add([
                .init(event.time.timestamp.description), .init(event.kind, Self.style(event)), .init(event.subject),
                .init(event.message),
            ])
        }
        return table.lines(on: terminal)
    }

    /// One that came while following: in columns wide enough for nearly all, since the next are not known yet.
    public static func line(_ event: EventSummary, on terminal: Terminal) -> String {
        let kind = DisplayText.padded(DisplayText.harmless(event.kind), to: 18)
        let subject = DisplayText.padded(DisplayText.harmless(event.subject), to: 12)
        return
            "\(event.time.timestamp)  \(style(event).applied(to: kind, on: terminal))  \(subject)  \(DisplayText.harmless(event.message))"
    }

    private static func style(_ event: EventSummary) -> TextStyle {
        switch EventName(rawValue: event.kind) {
        case .memberCrashed, .memberRefused, .volumeUnknown, .snapshotFailed, .volumeUnmade: .bad
        case .memberExited, .memberUnhealthy, .memberUnready, .volumePurged: .warning
        case .memberRunning, .volumeMade, .snapshotTaken, .volumeRewound: .good
        default: .plain
        }
    }
}

import FoundryClient
import FoundryModel

/// All apps as a table.
public struct AppsView {
    private let apps: [AppSummary]
    private let now: Timestamp

    public init(_ apps: [AppSummary], now: Timestamp) {
        self.apps = apps
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if apps.isEmpty { return ["No apps. `foundry push redis` makes one."] }
        var table = Table([
            .init("name"), .init("state"), .init("image", isFlexible: true), .init("address"), .init("memory", .right),
            .init("disk", .right), .init("restarts", .right), .init("age", .right),
        ])
        for app in apps {
            table.add([
                .init(app.name, .strong), .init(state(app), TextStyle.ofState(app.state)), .init(app.image.name),
                .init(app.route?.address ?? "-"), .init(ByteCount(bytes: app.memory).description),
                .init(app.disk.map { ByteCount(bytes: $0).description } ?? "-"),
                .init("\(app.members.reduce(0) { $0 + $1.restarts })"),
                .init(AgeText.since(app.createdAt.timestamp, now: now)),
            ])
        }
        return table.lines(on: terminal)
    }

    /// `running`, or `starting 2/3`
    private func state(_ app: AppSummary) -> String {
        app.instances == 1 ? app.state : "\(app.state) \(app.healthyMembers)/\(app.instances)"
    }
}

extension TextStyle {
    /// How the word for a state of an app, a member or a volume looks.
    static func ofState(_ state: String) -> TextStyle {
        switch state {
        case "running", "healthy": .good
        case "crashed", "refused", "lost": .bad
        case "unhealthy", "unready", "waiting": .warning
        default: .plain
        }
    }
}

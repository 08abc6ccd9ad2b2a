import FoundryClient
import FoundryModel

/// Snapshots as a table.
public struct SnapshotsView {
    private let snapshots: [SnapshotSummary]
    private let now: Timestamp

    public init(_ snapshots: [SnapshotSummary], now: Timestamp) {
        self.snapshots = snapshots
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if snapshots.isEmpty { return ["No snapshots. `foundry snapshot APP` takes one."] }
        var table = Table([
            .init("member"), .init("snapshot", isFlexible: true), .init("counted", .right), .init("age", .right),
            .init("held writes", .right), .init("state"),
        ])
        for snapshot in snapshots {
            table.add([
                .init("\(snapshot.appName)/\(snapshot.index)", .strong), .init(snapshot.name),
                .init(ByteCount(bytes: snapshot.size).description),
                .init(AgeText.since((snapshot.takenAt ?? snapshot.createdAt).timestamp, now: now)),
                .init(Self.pause(snapshot)), .init(snapshot.state, snapshot.state == "taken" ? .plain : .warning),
            ])
        }
        return table.lines(on: terminal)
    }

    /// For how long its writers were held.
    private static func pause(_ snapshot: SnapshotSummary) -> String {
        guard snapshot.takenAt != nil else { return "-" }
        return snapshot.pauseMilliseconds.map { "\($0) ms" } ?? "at rest"
    }
}

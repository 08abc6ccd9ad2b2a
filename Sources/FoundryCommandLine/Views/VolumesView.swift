import FoundryClient
import FoundryModel

/// All volumes as a table.
public struct VolumesView {
    private let volumes: [VolumeSummary]
    private let now: Timestamp

    public init(_ volumes: [VolumeSummary], now: Timestamp) {
        self.volumes = volumes
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if volumes.isEmpty { return ["No volumes. `foundry push postgres --disk 1G` makes one."] }
        var table = Table([
            .init("member"), .init("volume"), .init("size", .right), .init("used", .right), .init("state"),
            .init("cell"),
            .init("epoch", .right), .init("remark", isFlexible: true),
        ])
        for volume in volumes {
            table.add([
                .init("\(volume.appName)/\(volume.index)", .strong), .init(String(volume.guid.prefix(8))),
                .init(ByteCount(bytes: volume.size).description),
                .init(volume.used.map { ByteCount(bytes: $0).description } ?? "-"),
                .init(volume.phase, volume.refusal == nil ? .plain : .bad), .init(volume.cell),
                .init("\(volume.epoch)"),
                .init(remark(volume)),
            ])
        }
        return table.lines(on: terminal)
    }

    private func remark(_ volume: VolumeSummary) -> String {
        if let refusal = volume.refusal { return refusal.message }
        if let old = volume.replaces { return "takes the place of \(old.prefix(8))" }
        if let since = volume.forkedAt {
            return "kept since \(AgeText.since(since.timestamp, now: now)), when its app went on with another disk"
        }
        if !volume.isMade, volume.source != nil { return "is made from a snapshot" }
        guard let until = volume.keptUntil else { return "" }
        if volume.awaitsMember {
            return
                "waits for \(volume.appName)/\(volume.index); purged in \(AgeText.of(milliseconds: until.timestamp - now))"
        }
        return "no app has it; purged in \(AgeText.of(milliseconds: until.timestamp - now))"
    }
}

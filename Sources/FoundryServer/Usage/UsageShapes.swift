import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules

/// What members use, as the operator's surface tells it.
struct UsageShapes {
    let platform: Platform

    /// Of every member, sorted by name; of one that was not measured of late, only what the records say.
    func members() -> [MemberUsageSummary] {
        let view = platform.view
        let sight = platform.usage.look(now: SystemClock.monotonic())
        return view.members.values.map(\.value).sorted {
            (view.name(of: $0), $0.id) < (view.name(of: $1), $1.id)
        }.map { summary($0, view, sight) }
    }

    private func summary(_ member: MemberRecord, _ view: PlatformView, _ sight: UsageSight) -> MemberUsageSummary {
        let status = view.statuses[member.id]?.value
        let reading = sight.members[member.id]
        let usage = reading?.usage
        let volume = usage?.volume
        return MemberUsageSummary(
            guid: member.id.description, name: view.name(of: member), app: member.app.description,
            cell: member.cell.description, phase: status.map { PhaseWords.word($0.phase) } ?? "placed",
            restarts: status?.restarts ?? 0, measuredAt: reading.map { WireTime($0.at) },
            cpuMillicores: reading?.cpuMillicores, cpuMicroseconds: usage?.cpuMicroseconds,
            throttledMicroseconds: usage?.throttledMicroseconds, memory: usage?.memory?.bytes,
            memoryCache: usage?.cache?.bytes, memoryLimit: usage?.memoryLimit?.bytes, memoryKills: usage?.memoryKills,
            diskUsed: volume?.used.bytes, diskSize: volume?.size.bytes, flushes: volume?.device?.flushes,
            flushesPerSecond: reading?.flushesPerSecond.map(Self.tenths),
            readBytesPerSecond: reading?.readBytesPerSecond.map(Self.tenths),
            writtenBytesPerSecond: reading?.writtenBytesPerSecond.map(Self.tenths),
            exposureMilliseconds: usage?.exposureMilliseconds,
            connections: sight.routes[member.id].map { $0.map(\.connections).reduce(0, +) })
    }

    /// More digits would say more than was measured.
    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

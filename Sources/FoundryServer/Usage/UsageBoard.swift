import FoundryModel
import FoundryRules
import Synchronization

/// What members use and what goes through routes, as cells and the router measured it last. Of this process only: nothing of it is stored.
///
/// Bounded: of each cell the last two measurements, of at most as many members as a cell has addresses.
final class UsageBoard: Sendable {
    /// Between measurements that nobody looks at.
    static let restMilliseconds: Int64 = 10_000
    /// While somebody looks.
    static let watchedMilliseconds: Int64 = 2_000
    /// For which somebody who asked counts as looking: two scrapes in a row, fifteen seconds apart.
    private static let attentionMilliseconds: Int64 = 35_000
    /// After that a measurement says nothing any more.
    private static let ageMilliseconds: Int64 = 60_000

    private struct Taken<Usage: Sendable>: Sendable {
        var usage: Usage
        var at: Moment
    }

    private struct State {
        var cells: [CellID: (newest: Taken<[MemberID: MemberUsage]>, before: Taken<[MemberID: MemberUsage]>?)] = [:]
        var router: Taken<RouterUsage>?
        var askedAt: MonotonicTime?

        func receipt(_ now: MonotonicTime) -> UsageReceipt {
            let isWatched = askedAt.map { now - $0 < UsageBoard.attentionMilliseconds } ?? false
            return UsageReceipt(
                nextMilliseconds: isWatched ? UsageBoard.watchedMilliseconds : UsageBoard.restMilliseconds)
        }
    }

    private let state = Mutex(State())

    /// - Throws: `bad_request` for more members than a cell can have.
    func heard(_ usage: CellUsage, at now: Moment) throws(FoundryError) -> UsageReceipt {
        guard usage.members.count <= CellUsage.mostMembers else { throw Self.tooMany(usage.members.count) }
        return state.withLock { state in
            let taken = Taken(usage: Dictionary(usage.members.map { ($0.id, $0) }) { first, _ in first }, at: now)
            state.cells[usage.cell] = (taken, state.cells[usage.cell]?.newest)
            return state.receipt(now.monotonic)
        }
    }

    /// - Throws: `bad_request` for more routes than there are ports.
    func heard(_ usage: RouterUsage, at now: Moment) throws(FoundryError) -> UsageReceipt {
        guard usage.routes.count <= RouterUsage.mostRoutes else { throw Self.tooMany(usage.routes.count) }
        return state.withLock { state in
            state.router = Taken(usage: usage, at: now)
            return state.receipt(now.monotonic)
        }
    }

    /// What there is now. Whoever asks makes measurements more frequent for a while.
    func look(now: MonotonicTime) -> UsageSight {
        state.withLock { state in
            state.askedAt = now
            var sight = UsageSight()
            for (newest, before) in state.cells.values where now - newest.at.monotonic < Self.ageMilliseconds {
                for (id, usage) in newest.usage {
                    sight.members[id] = MemberReading(
                        usage: usage, at: newest.at.wall, before: before?.usage[id],
                        milliseconds: before.map { newest.at.monotonic - $0.at.monotonic } ?? 0)
                }
            }
            if let router = state.router, now - router.at.monotonic < Self.ageMilliseconds {
                sight.routes = Dictionary(grouping: router.usage.routes, by: \.member)
            }
            return sight
        }
    }

    private static func tooMany(_ count: Int) -> FoundryError {
        FoundryError(.badRequest, "A measurement of \(count) entries is longer than any can be.")
    }
}

/// All measurements at one moment.
struct UsageSight: Sendable {
    var members: [MemberID: MemberReading] = [:]
    /// To each member. Empty when the router has not spoken of late.
    var routes: [MemberID: [RouteUsage]] = [:]

    /// Used by the member of an app that uses most; nil: not known.
    func memory(of app: AppID, _ view: PlatformView) -> ByteCount? {
        view.members(of: app).compactMap { members[$0.id]?.usage.memory }.max()
    }
}

/// The last measurement of a member, and how fast its counts grow.
struct MemberReading: Sendable {
    var usage: MemberUsage
    var at: Timestamp
    /// Of the measurement before it.
    var before: MemberUsage?
    /// Between the two.
    var milliseconds: Int64

    var cpuMillicores: Int64? {
        growth(usage.cpuMicroseconds, before?.cpuMicroseconds).map { $0 / milliseconds }
    }

    var flushesPerSecond: Double? { perSecond(usage.volume?.device?.flushes, before?.volume?.device?.flushes) }
    var readBytesPerSecond: Double? {
        perSecond(usage.volume?.device?.readBytes.bytes, before?.volume?.device?.readBytes.bytes)
    }
    var writtenBytesPerSecond: Double? {
        perSecond(usage.volume?.device?.writtenBytes.bytes, before?.volume?.device?.writtenBytes.bytes)
    }

    private func perSecond(_ newest: Int64?, _ before: Int64?) -> Double? {
        growth(newest, before).map { Double($0) * 1000 / Double(milliseconds) }
    }

    /// nil when one is not known, or the count began anew in between.
    private func growth(_ newest: Int64?, _ before: Int64?) -> Int64? {
        guard let newest, let before, newest >= before, milliseconds > 0 else { return nil }
        return newest - before
    }
}

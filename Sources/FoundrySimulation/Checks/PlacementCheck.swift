import FoundryModel
import FoundryRules

/// No cell holds more than it has, no two copies of one volume lie on one cell, and the same request twice made nothing twice.
struct PlacementCheck {
    /// Since when a cell takes no members: it is drained, or its session has expired.
    private var closedSince: [CellID: SimulationTime] = [:]

    /// Since when a cell's session lives.
    private var aliveSince: [CellID: SimulationTime] = [:]
    /// Since when apps are to be removed.
    private var deletedSince: [AppID: SimulationTime] = [:]

    /// What was decided before a cell was closed may be committed after it.
    private static let race = SimulationDuration.seconds(20)

    init() {}

    /// - Parameter truth: the records after the transaction.
    mutating func commit(_ commit: Commit, truth: PlatformView) -> Violation? {
        for change in commit.changes {
            let violation: Violation?
            switch (change.old, change.new) {
            case (_, .cell(let cell)?):
                close(cell.id, commit, truth)
                continue
            case (_, .session(let session)?):
                close(session.cell, commit, truth)
                if session.state != .alive { aliveSince[session.cell] = nil }
                if session.state == .alive, aliveSince[session.cell] == nil { aliveSince[session.cell] = commit.time }
                continue
            case (_, .app(let app)?) where change.old != nil:
                note(app, commit)
                continue
            case (.app(let app)?, nil):
                deletedSince[app.id] = nil
                continue
            case (.member(let member)?, nil): violation = checkMove(member, commit, truth)
            case (nil, .member(let member)?): violation = check(member, commit, truth)
            case (.member(let old)?, .member(let member)?) where old.role != member.role:
                violation = checkPrimaries(member.app, commit, truth)
            case (nil, .volume(let volume)?): violation = checkDisk(volume.cell, commit, truth)
            case (nil, .app(let app)?): violation = checkName(app, commit, truth)
            default: continue
            }
            if let violation { return violation }
        }
        return nil
    }

    private mutating func note(_ app: AppRecord, _ commit: Commit) {
        guard case .deleted = app.desired else { return deletedSince[app.id] = nil }
        deletedSince[app.id] = deletedSince[app.id] ?? commit.time
    }

    /// The store went on from a backup: nothing is known of when it was decided.
    mutating func restored() {
        closedSince = [:]
        deletedSince = [:]
        aliveSince = [:]
    }

    private mutating func close(_ cell: CellID, _ commit: Commit, _ truth: PlatformView) {
        let isExpired = truth.sessions[cell].map { $0.value.state != .alive } ?? false
        guard isExpired || truth.cells[cell]?.value.duty == .drained else { return closedSince[cell] = nil }
        closedSince[cell] = closedSince[cell] ?? commit.time
    }

    private func check(_ member: MemberRecord, _ commit: Commit, _ truth: PlatformView) -> Violation? {
        let siblings = truth.members(of: member.app)
        let name = truth.name(of: member)
        let doubles = siblings.filter { $0.id != member.id && $0.cell == member.cell }
        // Independent members lie together where there is no other room.
        if doubles.contains(where: { $0.role == .replica || member.role == .replica }) {
            return Violation(.constraintsHold, at: commit.time, "two members of \(name) lie on cell \(member.cell)")
        }
        if siblings.contains(where: { $0.id != member.id && $0.index == member.index }) {
            return Violation(.onceOnly, at: commit.time, "two members are called \(name)")
        }
        if let since = deletedSince[member.app], commit.time - since > .seconds(5) {
            return Violation(
                .operationsEnd, at: commit.time, "\(name) was placed on cell \(member.cell), and is to be removed")
        }
        if let since = closedSince[member.cell], commit.time - since > Self.race {
            return Violation(
                .constraintsHold, at: commit.time,
                "\(name) was placed on cell \(member.cell), which takes none since \(since)")
        }
        return checkPrimaries(member.app, commit, truth) ?? checkMemory(member.cell, commit, truth)
            ?? checkHeadroom(member, commit, truth)
    }

    /// What a new app leaves free takes what any one cell holds and would be started elsewhere. Members are all of one size here, so it is counted
    /// in members; and nothing is said while a cell is, or just was, out of reach, for the controller may have seen it otherwise.
    private func checkHeadroom(_ member: MemberRecord, _ commit: Commit, _ truth: PlatformView) -> Violation? {
        guard member.role == .primary, let app = truth.apps[member.app]?.value, app.placements == 1,
            closedSince.isEmpty, truth.fences.isEmpty, aliveSince.count == truth.cells.count,
            aliveSince.values.allSatisfy({ commit.time - $0 > .milliseconds(500) })
        else { return nil }
        var free: [CellID: Int64] = [:]
        var held: [CellID: Int64] = [:]
        for cell in truth.cells.values.map(\.value) {
            let specs = truth.index.members(on: cell.id).compactMap {
                truth.members[$0].flatMap { truth.apps[$0.value.app]?.value.spec }
            }
            free[cell.id] = cell.capacity.memory.bytes / app.spec.memory.bytes - Int64(specs.count)
            held[cell.id] = Int64(specs.filter(\.restartsElsewhere).count)
        }
        let all = free.values.reduce(0, +)
        guard let lost = held.keys.sorted().first(where: { held[$0, default: 0] > all - free[$0, default: 0] }) else {
            return nil
        }
        return Violation(
            .withinCapacity, at: commit.time,
            "\(app.name) was placed, and the loss of cell \(lost) could not be absorbed any more")
    }

    /// A member without a volume leaves only a cell that is lost, or drained.
    private func checkMove(_ member: MemberRecord, _ commit: Commit, _ truth: PlatformView) -> Violation? {
        guard member.volume == nil, let app = truth.apps[member.app]?.value, app.desired == .started,
            member.role == .primary, let since = aliveSince[member.cell], commit.time - since > .seconds(5),
            truth.cells[member.cell]?.value.duty == .active,
            truth.openFence(of: member.cell, truth.sessions[member.cell]?.value.incarnation) == nil
        else { return nil }
        return Violation(
            .oneMoveForOneFault, at: commit.time,
            "\(app.name) was taken from cell \(member.cell), which is neither lost nor drained")
    }

    /// One more primary than there shall be is made by nobody; where there shall be fewer now, those that are too many stay until their cells let them go.
    private func checkPrimaries(_ app: AppID, _ commit: Commit, _ truth: PlatformView) -> Violation? {
        let primaries = truth.primaries(of: app)
        let more = commit.changes.reduce(0) { $0 + $1.new.primaries(of: app) - $1.old.primaries(of: app) }
        guard more > 0, primaries.count > truth.apps[app]?.value.spec.instances ?? 1 else { return nil }
        return Violation(.onceOnly, at: commit.time, "\(truth.name(of: primaries[0])) has \(primaries.count) primaries")
    }

    private func checkMemory(_ cell: CellID, _ commit: Commit, _ truth: PlatformView) -> Violation? {
        guard let capacity = truth.cells[cell]?.value.capacity else { return nil }
        let taken = truth.index.members(on: cell).reduce(ByteCount.zero) { sum, id in
            let spec = truth.members[id].flatMap { truth.apps[$0.value.app]?.value.spec }
            return sum + (spec?.memory ?? .zero)
        }
        guard taken > capacity.memory else { return nil }
        return Violation(
            .withinCapacity, at: commit.time, "members of \(taken) lie on cell \(cell), which has \(capacity.memory)")
    }

    private func checkDisk(_ cell: CellID, _ commit: Commit, _ truth: PlatformView) -> Violation? {
        guard let capacity = truth.cells[cell]?.value.capacity else { return nil }
        let taken = truth.index.volumes(on: cell).reduce(ByteCount.zero) { sum, id in
            sum + (truth.volumes[id]?.value.size ?? .zero)
        }
        guard taken > capacity.disk else { return nil }
        return Violation(
            .withinCapacity, at: commit.time, "volumes of \(taken) lie on cell \(cell), which has \(capacity.disk)")
    }

    private func checkName(_ app: AppRecord, _ commit: Commit, _ truth: PlatformView) -> Violation? {
        guard truth.apps.values.contains(where: { $0.value.id != app.id && $0.value.name == app.name }) else {
            return nil
        }
        return Violation(.onceOnly, at: commit.time, "two apps are called \(app.name)")
    }
}

extension Record? {
    /// 1 for a member of the app that is a primary.
    fileprivate func primaries(of app: AppID) -> Int {
        if case .member(let member)? = self, member.app == app, member.role == .primary { 1 } else { 0 }
    }
}

import FoundryClient
import FoundryModel
import FoundryRules

/// Members and volumes as the operator's surface tells them.
enum MemberShapes {
    static func member(
        _ member: MemberRecord, of app: AppRecord, in view: PlatformView, presence: Presence
    ) -> MemberSummary {
        let status = view.statuses[member.id]?.value
        let volume = member.volume.flatMap { view.volumes[$0]?.value }
        return MemberSummary(
            guid: member.id.description, name: "\(app.name)/\(member.index)", index: member.index,
            cell: member.cell.description,
            phase: status.map { PhaseWords.word($0.phase) } ?? "placed", since: status.map { WireTime($0.since) },
            restarts: status?.restarts ?? 0,
            reason: status.flatMap { reason($0, of: app) },
            nextTry: status.flatMap { nextTry($0.phase) }.map { WireTime($0) },
            refusal: status.flatMap { refusal($0.phase) }, lastExit: status?.lastExit.map(exit),
            address: status?.address,
            startedAt: status?.startedAt.map { WireTime($0) }, pid: status?.pid,
            volume: volume.map { self.volume($0, in: view, presence: presence) }, role: status?.engineRole)
    }

    /// Why it does not serve, when there is something to say.
    static func reason(_ status: MemberStatus, of app: AppRecord) -> String? {
        switch status.phase {
        case .healthy, .stopping, .stopped: nil
        case .preparing, .starting: status.problem?.message ?? status.complaint
        case .unhealthy, .unready: status.complaint
        case .waiting, .crashed: status.lastExit?.reason ?? status.problem?.message
        case .refused(let error): error.message
        }
    }

    static func volume(_ volume: VolumeRecord, in view: PlatformView, presence: Presence) -> VolumeSummary {
        let status = view.volumeStatuses[volume.id]?.value
        let reported = presence.cell(volume.cell)?.report.volumes.first { $0.id == volume.id }
        let (phase, holder, until) = words(volume.phase)
        var forkedAt: Timestamp?
        if case .forked(let since) = volume.phase { forkedAt = since }
        return VolumeSummary(
            guid: volume.id.description, app: volume.app.description, appName: volume.appName.description,
            index: volume.index,
            cell: volume.cell.description,
            size: volume.size.bytes, used: reported?.used?.bytes, phase: phase, holder: holder?.description,
            keptUntil: until.map { WireTime($0) }, isMade: volume.isMade,
            isMounted: (reported ?? status)?.mounted ?? false,
            lineage: volume.lineage.description, branch: volume.branch, epoch: volume.epoch.value,
            refusal: (reported?.refusal ?? view.refusal(of: volume.id)).map(wire),
            createdAt: WireTime(volume.createdAt),
            source: volume.source?.snapshot.description, replaces: volume.replaces?.description,
            forkedAt: forkedAt.map { WireTime($0) }, awaitsMember: volume.awaitsMember && view.apps[volume.app] != nil)
    }

    private static func words(_ phase: VolumePhase) -> (word: String, holder: MemberID?, until: Timestamp?) {
        switch phase {
        case .allotted: ("allotted", nil, nil)
        case .held(let member): ("held", member, nil)
        case .sealed: ("sealed", nil, nil)
        case .kept(let until): ("kept", nil, until)
        case .purging: ("purging", nil, nil)
        case .follows: ("follows", nil, nil)
        case .forked: ("forked", nil, nil)
        }
    }

    private static func nextTry(_ phase: MemberPhase) -> Timestamp? {
        switch phase {
        case .waiting(let next), .crashed(let next): next
        case .preparing, .starting, .healthy, .unhealthy, .unready, .stopping, .stopped, .refused: nil
        }
    }

    private static func refusal(_ phase: MemberPhase) -> ErrorExtension? {
        if case .refused(let error) = phase { wire(error) } else { nil }
    }

    private static func exit(_ exit: MemberExit) -> MemberExitSummary {
        MemberExitSummary(
            time: WireTime(exit.time), reason: exit.reason, status: exit.status, lastLines: exit.lastLines)
    }

    private static func wire(_ error: FoundryError) -> ErrorExtension {
        ErrorExtension(code: error.code.rawValue, message: error.message, hint: error.hint, detail: error.detail)
    }
}

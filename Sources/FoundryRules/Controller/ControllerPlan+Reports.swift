import FoundryModel

extension ControllerPlan {
    /// A cell is known from its own word, under its own certificate.
    mutating func recordCell(_ cell: CellID) {
        guard let report = reports[cell] else { return }
        let last = view.cells[cell]
        var record =
            last?.value
            ?? CellRecord(
                id: cell, zone: "default", capacity: report.capacity, machineID: report.machineID,
                bootID: report.bootID)
        record.capacity = report.capacity
        record.machineID = report.machineID
        record.bootID = report.bootID
        record.growsAtRest = report.growsAtRest ?? record.growsAtRest
        if let session = view.sessions[cell]?.value, session.state == .alive {
            record.incarnation = session.incarnation
        }
        guard last?.value != record else { return }
        add(.cellRecord, "cell/\(cell)", [.put(.cell(record), expects: .seen(last))], for: .cell(cell))
    }

    mutating func recordStatuses(of cell: CellID, using generator: inout some RandomNumberGenerator) {
        guard let report = reports[cell] else { return }
        for status in report.members {
            guard let member = view.members[status.id]?.value, member.cell == cell else { continue }
            record(status, of: member, using: &generator)
        }
        for status in report.volumes { record(status, of: cell, using: &generator) }
    }

    /// How far a replica is changes all the time, and is not worth a write.
    private mutating func record(
        _ status: MemberStatus, of member: MemberRecord, using generator: inout some RandomNumberGenerator
    ) {
        let last = view.statuses[member.id]
        var stable = status
        stable.replication = nil
        guard last?.value != stable else { return }
        var writes: [RecordWrite] = [.put(.status(stable), expects: .seen(last))]
        if let (kind, message) = StatusEvents.event(from: last?.value, to: status) {
            writes.append(
                event(
                    kind, app: member.app, subject: view.name(of: member), message, actor: "cell \(member.cell.short)",
                    using: &generator))
        }
        add(.statusRecord, "status/\(member.id)", writes, for: .cell(member.cell))
    }

    /// How full a volume is changes all the time, and is not worth a write.
    private mutating func record(
        _ status: VolumeStatus, of cell: CellID, using generator: inout some RandomNumberGenerator
    ) {
        var stable = status
        stable.used = nil
        let last = view.volumeStatuses[status.id]
        guard last?.value != stable else { return }
        var writes: [RecordWrite] = [.put(.volumeStatus(stable), expects: .seen(last))]
        if view.volumes[status.id] == nil, last == nil {
            writes.append(
                event(
                    .volumeUnknown, app: nil, subject: "volume \(status.id.short)",
                    "lies on cell \(cell.short) and is nobody's; it is left as it is",
                    actor: "cell \(cell.short)", using: &generator))
        }
        add(.statusRecord, "volume-status/\(status.id)", writes, for: .cell(cell))
    }
}

/// Which changes of a member are worth telling.
enum StatusEvents {
    static func event(from last: MemberStatus?, to status: MemberStatus) -> (EventName, String)? {
        let isNewEnd = status.lastExit != nil && status.lastExit?.time != last?.lastExit?.time
        let reason = status.lastExit?.reason ?? "ended"
        switch status.phase {
        case .healthy: return isSame(last, status) ? nil : (.memberRunning, "serves at \(status.address)")
        case .unhealthy:
            return isSame(last, status) ? nil : (.memberUnhealthy, status.complaint ?? "answers no more")
        case .unready: return isSame(last, status) ? nil : (.memberUnready, status.complaint ?? "is not ready")
        case .crashed(let next): return isNewEnd ? (.memberCrashed, "\(reason); crashed, next try at \(next)") : nil
        case .waiting: return isNewEnd ? (.memberExited, reason) : nil
        case .stopped: return last == nil || last?.phase == .stopped ? nil : (.memberStopped, "has stopped")
        case .refused(let error): return isSame(last, status) ? nil : (.memberRefused, error.message)
        case .preparing, .starting, .stopping: return isNewEnd ? (.memberExited, reason) : nil
        }
    }

    private static func isSame(_ last: MemberStatus?, _ status: MemberStatus) -> Bool {
        last?.phase == status.phase && last?.generation == status.generation && last?.pid == status.pid
    }
}

import FoundryModel
import FoundryTestSupport

/// What many machines need beside the rest: sessions, guards, fences, replicas.
extension RandomValues {
    mutating func guards() -> GuardReport {
        GuardReport(
            armed: Set(GuardKind.allCases.filter { _ in flag() }),
            volumes: list {
                GuardedVolume(volume: $0.id(), epoch: $0.epoch(), ordersRevision: Int64($0.number()))
            })
    }

    mutating func session() -> SessionRecord {
        SessionRecord(
            cell: id(), session: id(), sequence: UInt64(number()), confirmed: UInt64(number()),
            state: one(of: [.alive, .expired(fence: id())]), incarnation: id(), machineID: text(), bootID: text(),
            guards: guards(), isPausable: flag())
    }

    mutating func fence() -> FenceRecord {
        FenceRecord(
            id: id(), cell: id(), incarnation: id(), cause: one(of: [.silence, .asked, .replaced]),
            state: one(of: [.open, .lifted(at: time())]), createdAt: time(), createdBy: text(),
            evidence: list { $0.evidence() }, attempts: list { $0.attempt() })
    }

    mutating func evidence() -> FenceEvidence {
        one(of: [
            .word(promises: promises()),
            .expiry(session: id(), sequence: UInt64(number()), guards: guards(), isPausable: flag()),
            .power(level: number(0...3)), .person(text()),
        ])
    }

    mutating func attempt() -> FenceAttempt {
        FenceAttempt(
            number: number(), level: number(0...3), device: text(), step: one(of: FenceStep.allCases),
            outcome: one(of: [.begun, .succeeded, .saysOn, .saysOff, .failed(text())]),
            begunBy: some { Term(UInt64($0.number())) })
    }

    mutating func cluster() -> ClusterRecord {
        ClusterRecord(
            generation: UInt16(number(0...9)), isInMaintenance: flag(),
            brake: some { Brake(since: $0.time(), cells: $0.list { $0.id() }) }, unheard: Set(list { $0.id() }),
            restore: some { StoreRestore(at: $0.time(), takenAt: $0.some { $0.time() }) })
    }

    mutating func promises() -> [VolumePromise] { list { VolumePromise(volume: $0.id(), epoch: $0.epoch()) } }

    mutating func origin() -> CopyOrigin { CopyOrigin(branch: number(0...9), epoch: epoch()) }

    mutating func replication() -> ReplicationReport {
        one(of: [
            .primary(epoch: epoch(), waitsFor: list { $0.id() }),
            .replica(epoch: epoch(), position: UInt64(number()), hasAll: flag()),
        ])
    }

    mutating func target() -> RouteTarget {
        RouteTarget(member: id(), address: text(), port: number(1...65_535), epoch: epoch())
    }

    mutating func sessionRequest() -> SessionRequest {
        SessionRequest(
            cell: id(), incarnation: id(), machineID: text(), bootID: text(), session: some { $0.id() },
            sequence: UInt64(number()), guards: guards(), isPausable: flag())
    }

    mutating func sessionAnswer() -> SessionAnswer {
        one(of: [
            .granted(id(), sequence: UInt64(number())), .refused(.expired(id())), .refused(.heldByAnother),
            .refused(.diskOlder),
            .refused(.unknown), .refused(.sequenceIs(UInt64(number()))), .refused(.unavailable),
        ])
    }
}

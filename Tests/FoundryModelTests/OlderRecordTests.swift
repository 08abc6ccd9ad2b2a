import FoundryModel
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Records of an older version")
struct OlderRecordTests {
    /// A value as a version wrote it that did not know these keys.
    private func reread<Value: Codable>(_ value: Value, without keys: Set<String>) throws -> Value {
        let bytes = try JSONEncoder().encode(value)
        let fields = try JSONDecoder().decode([String: Field].self, from: bytes)
        #expect(keys.isSubset(of: fields.keys), "\(keys.subtracting(fields.keys)) is not written at all")
        return try JSONDecoder().decode(
            Value.self, from: JSONEncoder().encode(fields.filter { !keys.contains($0.key) }))
    }

    @Test("An app from before rollouts has none, and no placement is counted")
    func app() throws {
        var values = RandomValues(seed: 1)
        var app = values.app()
        app.rollout = values.rollout()
        app.placements = 7
        let read = try reread(app, without: ["rollout", "placements"])
        #expect(read.rollout == nil)
        #expect(read.placements == 0)
        app.rollout = nil
        app.placements = 0
        #expect(read == app)
    }

    @Test("A rollout from before routes could change has none to give back, and an end says nothing of a check")
    func rollout() throws {
        var values = RandomValues(seed: 31)
        var rollout = values.rollout()
        (rollout.routeBefore, rollout.lastLines) = (RouteBefore(nil), ["no"])
        let read = try reread(rollout, without: ["routeBefore", "lastLines"])
        #expect(read.routeBefore == nil && read.lastLines == [])
        let end = MemberExit(
            time: Timestamp(millisecondsSince1970: 1), reason: "ended", status: nil, lastLines: [], isByCheck: true)
        #expect(try reread(end, without: ["isByCheck"]).isByCheck == nil)
        var app = values.app()
        app.rollout = nil
        #expect(app.images == [app.spec.image])
        app.rollout = rollout
        #expect(app.images == [app.spec.image, rollout.previous.image], "the way back needs its image")
    }

    @Test("A check from before there were several kinds asks its port, or nothing")
    func check() throws {
        func check(_ port: String) throws -> HealthCheck {
            let text =
                "{\(port)\"startPeriodMilliseconds\":1,\"intervalMilliseconds\":2,\"timeoutMilliseconds\":3,\"failuresAllowed\":4}"
            return try JSONDecoder().decode(HealthCheck.self, from: Data(text.utf8))
        }
        func expected(_ port: Int?) -> HealthCheck {
            HealthCheck(
                port: port, startPeriodMilliseconds: 1, intervalMilliseconds: 2, timeoutMilliseconds: 3,
                failuresAllowed: 4)
        }
        #expect(try check("\"port\":6379,") == expected(6_379))
        #expect(try check("") == expected(nil))
        #expect(
            [HealthQuestion.process, .command([]), .port(1), .http(port: 2, path: "/"), .engine(.redis, port: 3)]
                .map(\.port) == [nil, nil, 1, 2, 3])
    }

    @Test("A member from before replicas is a primary that stays, with the newest specification")
    func member() throws {
        var values = RandomValues(seed: 2)
        var member = values.member()
        (member.role, member.turn, member.standsDown, member.pinned) = (.replica, 3, true, 5)
        member.leave = .done
        let read = try reread(member, without: ["role", "turn", "standsDown", "pinned", "leave"])
        (member.role, member.turn, member.standsDown, member.pinned) = (.primary, 0, false, nil)
        member.leave = nil
        #expect(read == member)
    }

    @Test("A volume from before guards is unguarded, has no replicas and never was one")
    func volume() throws {
        var values = RandomValues(seed: 3)
        var volume = values.volume()
        (volume.incarnation, volume.guardState) = (values.id(), .on(orderedAt: 9))
        volume.replication = ReplicationState(waitsFor: [values.id()], enforced: [values.id()])
        volume.origin = values.origin()
        volume.source = SnapshotSource(snapshot: values.id(), app: values.id())
        volume.replaces = values.id()
        let read = try reread(
            volume,
            without: ["incarnation", "guardState", "replication", "origin", "overtaken", "source", "replaces"])
        (volume.source, volume.replaces) = (nil, nil)
        (volume.incarnation, volume.guardState, volume.origin, volume.overtaken) = (nil, .off, nil, .none)
        volume.replication = ReplicationState()
        #expect(read == volume)
    }

    @Test("What is from before several instances is of the only one, and waits for none")
    func instances() throws {
        var values = RandomValues(seed: 41)
        var (spec, volume, snapshot) = (values.spec(), values.volume(), values.snapshot())
        (spec.instances, volume.index, volume.awaitsMember, snapshot.index) = (3, 2, true, 2)
        let older = try reread(spec, without: ["instances"])
        let kept = try reread(volume, without: ["index", "awaitsMember"])
        let taken = try reread(snapshot, without: ["index"])
        (spec.instances, volume.index, volume.awaitsMember, snapshot.index) = (1, 0, false, 0)
        #expect(older == spec && kept == volume && taken == snapshot)
    }

    @Test("What is from before services is of no service, and a cell of then runs no verbs")
    func services() throws {
        var values = RandomValues(seed: 51)
        var (spec, job, status, report) = (values.spec(), values.job(), values.status(), values.cellReport())
        (spec.service, job.instance, job.binding) = (values.serviceSpec(), values.id(), values.id())
        (status.engineRole, report.verbs) = ("leader", [])
        let older = try reread(spec, without: ["service"])
        let done = try reread(job, without: ["instance", "binding"])
        let seen = try reread(status, without: ["engineRole"])
        let told = try reread(report, without: ["verbs"])
        (spec.service, job.instance, job.binding, status.engineRole, report.verbs) = (nil, nil, nil, nil, nil)
        #expect(older == spec && done == job && seen == status && told == report)
    }

    @Test("A cell from before sessions is active, trusted with nothing and without power devices")
    func cell() throws {
        var values = RandomValues(seed: 4)
        var cell = values.cell()
        (cell.incarnation, cell.duty, cell.trustsPause) = (values.id(), .drained, true)
        cell.power = [[PowerDevice(name: "ipmi", isDrilled: true)]]
        cell.growsAtRest = true
        let read = try reread(cell, without: ["incarnation", "duty", "trustsPause", "power", "growsAtRest"])
        (cell.incarnation, cell.duty, cell.trustsPause, cell.power) = (nil, .active, false, [])
        cell.growsAtRest = false
        #expect(read == cell)
    }

    @Test("A specification from before recovery waits for its machine and asks for a session's end")
    func spec() throws {
        var values = RandomValues(seed: 5)
        var spec = values.spec()
        spec.recovery = RecoverySpec(fence: .person, whenLost: .empty, replicas: 3, replication: .asynchronous)
        let read = try reread(spec, without: ["recovery"])
        #expect(read.recovery.fence == .session)
        #expect(read.recovery.whenLost == .wait)
        #expect(read.recovery.replicas == 0)
        #expect(read.recovery.replication == .synchronous)
    }

    @Test("A session from before disks were told apart has confirmed nothing")
    func session() throws {
        var values = RandomValues(seed: 7)
        var session = values.session()
        session.confirmed = 9
        let read = try reread(session, without: ["confirmed"])
        session.confirmed = 0
        #expect(read == session)
    }

    @Test("A route's order from before restores leads where it says")
    func routeOrder() throws {
        var values = RandomValues(seed: 6)
        var order = values.routeOrder()
        order.isKept = true
        let read = try reread(order, without: ["isKept"])
        order.isKept = false
        #expect(read == order)
    }
}

/// Any JSON, kept as it is.
private indirect enum Field: Codable {
    case null
    case flag(Bool)
    case number(Int64)
    case large(UInt64)
    case text(String)
    case list([Field])
    case object([String: Field])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .large(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Field].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: Field].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .large(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Whom a server grants a session")
struct SessionRuleTests {
    private static let fresh = SessionID("fresh")!
    private static let guards = GuardReport(
        armed: [.sentinel], volumes: [GuardedVolume(volume: VolumeID("v")!, epoch: Epoch(3), ordersRevision: 7)])

    private static func request(
        session: String? = nil, sequence: UInt64 = 0, boot: String = "boot", machine: String = "machine",
        incarnation: String = "i1"
    ) -> SessionRequest {
        SessionRequest(
            cell: CellID("c1")!, incarnation: IncarnationID(incarnation)!, machineID: machine, bootID: boot,
            session: session.flatMap { SessionID($0) }, sequence: sequence, guards: guards, isPausable: true)
    }

    private static func record(
        session: String = "old", sequence: UInt64 = 4, state: SessionState = .alive
    ) -> Revised<SessionRecord> {
        Revised(
            SessionRecord(
                cell: CellID("c1")!, session: SessionID(session)!, sequence: sequence, state: state,
                incarnation: IncarnationID("i1")!, machineID: "machine", bootID: "boot", guards: .none,
                isPausable: false), revision: 9)
    }

    private static func granted(
        _ session: String, _ sequence: UInt64, _ expects: RecordExpectation, boot: String = "boot",
        machine: String = "machine", incarnation: String = "i1", confirmed: UInt64 = 0
    ) -> SessionDecision {
        let next = SessionRecord(
            cell: CellID("c1")!, session: SessionID(session)!, sequence: sequence, confirmed: confirmed, state: .alive,
            incarnation: IncarnationID(incarnation)!, machineID: machine, bootID: boot, guards: guards,
            isPausable: true)
        return .commit([.put(.session(next), expects: expects)], .granted(SessionID(session)!, sequence: sequence))
    }

    @Test("The first session of a cell expects that there is none")
    func first() {
        #expect(SessionRule.decide(Self.request(), record: nil, fresh: Self.fresh) == Self.granted("fresh", 1, .absent))
    }

    @Test("A renewal compares the record, and carries what the cell says of its guards")
    func renewal() {
        let decision = SessionRule.decide(
            Self.request(session: "old", sequence: 4), record: Self.record(), fresh: Self.fresh)
        #expect(decision == Self.granted("old", 5, .revision(9), confirmed: 4))
    }

    @Test("A cell whose process restarted gets a new session at once; the sequence goes on")
    func restarted() {
        let decision = SessionRule.decide(Self.request(), record: Self.record(), fresh: Self.fresh)
        #expect(decision == Self.granted("fresh", 5, .revision(9)))
    }

    @Test(
        "Another boot, machine or incarnation waits until the living session has expired",
        arguments: [("boot2", "machine", "i1"), ("boot", "machine2", "i1"), ("boot", "machine", "i2")])
    func another(boot: String, machine: String, incarnation: String) {
        let opening = Self.request(boot: boot, machine: machine, incarnation: incarnation)
        #expect(
            SessionRule.decide(opening, record: Self.record(), fresh: Self.fresh) == .answer(.refused(.heldByAnother)))
        let expired = Self.record(state: .expired(fence: FenceID("f")!))
        #expect(
            SessionRule.decide(opening, record: expired, fresh: Self.fresh)
                == Self.granted("fresh", 5, .revision(9), boot: boot, machine: machine, incarnation: incarnation))
        // A copy of a running machine knows the session, too.
        var renewal = opening
        renewal.session = SessionID("old")!
        renewal.sequence = 4
        #expect(
            SessionRule.decide(renewal, record: Self.record(), fresh: Self.fresh) == .answer(.refused(.heldByAnother)))
    }

    @Test("A disk that remembers less than its cell knew when it last renewed is of an earlier time")
    func earlierDisk() {
        var record = Self.record(state: .expired(fence: FenceID("f")!))
        record.value.confirmed = 3
        func decide(_ sequence: UInt64, incarnation: String = "i1") -> SessionDecision {
            SessionRule.decide(
                Self.request(sequence: sequence, boot: "boot2", incarnation: incarnation), record: record,
                fresh: Self.fresh)
        }
        #expect(decide(2) == .answer(.refused(.diskOlder)))
        #expect(decide(3) == Self.granted("fresh", 5, .revision(9), boot: "boot2", confirmed: 3))
        #expect(decide(4) == Self.granted("fresh", 5, .revision(9), boot: "boot2", confirmed: 4), "its answer was lost")
        #expect(
            decide(0, incarnation: "i2") == Self.granted("fresh", 5, .revision(9), boot: "boot2", incarnation: "i2"))
        record.value.state = .alive
        #expect(decide(2) == .answer(.refused(.heldByAnother)), "the session that may live comes first")
    }

    @Test(
        "Where no record is left, the sequence goes on from what the cell's disk remembers: an older disk shows after a restore, too"
    )
    func restored() {
        let decision = SessionRule.decide(Self.request(sequence: 86), record: nil, fresh: Self.fresh)
        guard case .commit(let writes, .granted(_, let sequence)) = decision,
            case .put(.session(let record), .absent)? = writes.first
        else {
            Issue.record("it is granted")
            return
        }
        #expect(sequence == 87 && record.sequence == 87 && record.confirmed == 86)
        var expired = record
        expired.state = .expired(fence: FenceID("f")!)
        let older = SessionRule.decide(
            Self.request(sequence: 60, boot: "boot2"), record: Revised(expired, revision: 9), fresh: Self.fresh)
        #expect(older == .answer(.refused(.diskOlder)))
    }

    @Test("No claim of a cell makes the sequence overflow")
    func absurdSequence() {
        let decision = SessionRule.decide(Self.request(sequence: .max), record: nil, fresh: Self.fresh)
        guard case .commit(_, .granted(_, let sequence)) = decision else {
            Issue.record("it is granted")
            return
        }
        #expect(sequence == 1 << 62 + 1)
    }

    @Test("An expired session is never renewed, and the answer names the fence")
    func expired() {
        let record = Self.record(state: .expired(fence: FenceID("f")!))
        #expect(
            SessionRule.decide(Self.request(session: "old", sequence: 4), record: record, fresh: Self.fresh)
                == .answer(.refused(.expired(FenceID("f")!))))
    }

    @Test("A session that the store does not know is unknown: replaced, or lost in a restore")
    func unknown() {
        for record in [nil, Self.record(session: "newer")] {
            #expect(
                SessionRule.decide(Self.request(session: "old", sequence: 4), record: record, fresh: Self.fresh)
                    == .answer(.refused(.unknown)))
        }
    }

    @Test(
        "A sequence that is not the record's is told which is, and nothing is written",
        arguments: [0, 3, 5, .max] as [UInt64])
    func sequence(sequence: UInt64) {
        #expect(
            SessionRule.decide(
                Self.request(session: "old", sequence: sequence), record: Self.record(), fresh: Self.fresh)
                == .answer(.refused(.sequenceIs(4))))
    }

    @Test("Whatever is asked: nothing is granted without a write that compares, and the sequence only grows")
    func property() {
        var random = Seeded(31)
        for _ in 0..<5_000 {
            let state: SessionState = random.chance(50) ? .alive : .expired(fence: FenceID("f")!)
            let record =
                random.chance(20)
                ? nil
                : Self.record(session: random.chance(70) ? "old" : "new", sequence: random.next() % 4, state: state)
            let request = Self.request(
                session: random.chance(30) ? nil : "old", sequence: random.next() % 4,
                boot: random.chance(80) ? "boot" : "other", incarnation: random.chance(80) ? "i1" : "i2")
            guard case .commit(let writes, let answer) = SessionRule.decide(request, record: record, fresh: Self.fresh)
            else { continue }
            guard case .granted(let session, let sequence) = answer, writes.count == 1,
                case .put(.session(let next), let expects) = writes[0]
            else {
                Issue.record("\(writes) \(answer)")
                continue
            }
            #expect(next.session == session && next.sequence == sequence && next.state == .alive)
            #expect(sequence > record?.value.sequence ?? 0)
            #expect(expects == record.map { .revision($0.revision) } ?? .absent)
            if let record, record.value.state == .alive {
                #expect(next.incarnation == record.value.incarnation && next.bootID == record.value.bootID)
            } else if record != nil {
                #expect(session == Self.fresh)
            }
        }
    }
}

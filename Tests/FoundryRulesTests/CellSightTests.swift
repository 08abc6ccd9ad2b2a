import FoundryModel
import Testing

@testable import FoundryRules

@Suite("How a cell looks to the controller")
struct CellSightTests {
    private static let cell = CellID("c1")!

    private static func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    private static func session(
        _ sequence: UInt64 = 1, id: String = "s1", _ state: SessionState = .alive
    ) -> SessionRecord {
        SessionRecord(
            cell: cell, session: SessionID(id)!, sequence: sequence, state: state, incarnation: IncarnationID("i")!,
            machineID: "m", bootID: "b", guards: .none, isPausable: false)
    }

    private static func sight(
        _ session: SessionRecord?, seenAt: Int64? = 0, now: Int64, timing: SessionTiming? = .normal,
        unheard: Set<CellID> = []
    ) -> CellSight {
        var view = PlatformView()
        var watch = SessionWatch()
        if let session {
            view.put(.session(session), revision: 1)
            if let seenAt { watch.see(session, now: time(seenAt)) }
        }
        view.put(.cluster(ClusterRecord(unheard: unheard)), revision: 2)
        return CellSights(view: view, watch: watch, timing: timing, now: time(now))[cell]
    }

    @Test("Silence counts from the controller's own sight of the newest renewal, and never below zero")
    func silence() {
        var watch = SessionWatch()
        #expect(watch.silence(of: Self.cell, now: Self.time(0)) == nil)
        watch.see(Self.session(1), now: Self.time(100))
        watch.see(Self.session(1), now: Self.time(500))
        #expect(watch.silence(of: Self.cell, now: Self.time(600)) == 500, "the same renewal seen again is none")
        watch.see(Self.session(2), now: Self.time(700))
        #expect(watch.silence(of: Self.cell, now: Self.time(700)) == 0)
        #expect(watch.silence(of: Self.cell, now: Self.time(650)) == 0)
        watch.see(Self.session(2, id: "s2"), now: Self.time(900))
        #expect(watch.silence(of: Self.cell, now: Self.time(1_000)) == 100, "another session is news")
        watch.restart(now: Self.time(2_000))
        #expect(watch.silence(of: Self.cell, now: Self.time(2_300)) == 300)
        #expect(watch.silence(of: CellID("other")!, now: Self.time(2_300)) == nil, "never seen")
    }

    @Test(
        "It lives for two periods, is late until T, and overdue from then on; nothing but the record makes it expired")
    func ages() {
        #expect(Self.sight(Self.session(), now: 1_999) == .living)
        #expect(Self.sight(Self.session(), now: 2_000) == .late(milliseconds: 2_000))
        #expect(Self.sight(Self.session(), now: 7_999) == .late(milliseconds: 7_999))
        #expect(Self.sight(Self.session(), now: 8_000) == .overdue)
        #expect(Self.sight(Self.session(), seenAt: nil, now: 99_000) == .living, "silence that nobody counted is none")
        let fence = FenceID("f")!
        #expect(Self.sight(Self.session(1, .expired(fence: fence)), now: 0) == .expired(fence))
    }

    @Test("Without sessions it counts as alive; without one of its own, or unheard since a restore, it hosts nothing")
    func unknown() {
        #expect(Self.sight(nil, now: 0, timing: nil) == .unwatched)
        #expect(Self.sight(nil, now: 0) == .unheard)
        #expect(Self.sight(Self.session(), now: 0, unheard: [Self.cell]) == .unheard)
        let fence = FenceID("f")!
        #expect(
            Self.sight(Self.session(1, .expired(fence: fence)), now: 0, unheard: [Self.cell]) == .expired(fence),
            "what expired stays so")
        let fixed = CellSights([Self.cell: .living])
        #expect(fixed[Self.cell] == .living && fixed[CellID("c2")!] == .unheard)
        #expect(fixed.silence(of: Self.cell) == nil)
    }

    @Test("Only a cell that lives takes members, and only one that expired is lost")
    func uses() {
        let fence = FenceID("f")!
        let sights: [CellSight] = [.unwatched, .living, .late(milliseconds: 1), .overdue, .expired(fence), .unheard]
        #expect(sights.map(\.canHost) == [true, true, false, false, false, false])
        #expect(sights.map(\.isLost) == [false, false, false, false, true, false])
    }

    @Test("A session that is held is told, and none where none is")
    func held() {
        let session = SessionID("s1")!
        #expect(HeldSession.held(session, sentAt: Self.time(4)).session == session)
        #expect(HeldSession.none.session == nil)
    }
}

import FoundryModel
import FoundryRules
import Testing

@Suite("What a cell claims of its guards")
struct CellClaimTests {
    private static let session = SessionID("s1")!

    /// Orders for the session, for a guarded member.
    private static func orders(
        _ revision: Int64, guarded: Bool = true, session: SessionID? = session, _ orders: CellOrders? = nil
    ) -> CellEvent {
        var orders = orders ?? CellBench.orders(revision)
        orders.session = session
        for index in orders.members.indices { orders.members[index].isGuarded = guarded }
        return .orders(orders)
    }

    /// A member that was made below the guards, and serves.
    private static func serving() -> CellBench {
        var bench = CellBench()
        bench.begin()
        bench.tell(.session(session))
        bench.tell(orders(1, CellBench.orders(1, sealedAt: 0)))
        bench.tell(orders(2))
        bench.probe(true)
        return bench
    }

    private static func claims(_ bench: CellBench) -> [String] {
        bench.machine.guardedVolumes().map { "\($0.volume) at \($0.epoch) by \($0.ordersRevision)" }
    }

    @Test("A writer below the guards, and one that is still to be made there")
    func claimed() {
        var bench = Self.serving()
        #expect(bench.isRunning && Self.claims(bench) == ["v1 at 1 by 2"])
        bench.isHolding = true
        bench.end()
        #expect(Self.claims(bench) == ["v1 at 1 by 2"], "its next process begins below them")
    }

    @Test("None while it is moved below them, or out of them, whatever is ordered meanwhile")
    func moved() {
        var bench = CellBench.serving()
        bench.tell(.session(Self.session))
        bench.isHolding = true
        #expect(bench.tell(Self.orders(3)) == [.guardMember(CellBench.member)])
        #expect(Self.claims(bench).isEmpty)
        _ = bench.finish(.guardMember(CellBench.member))
        #expect(Self.claims(bench) == ["v1 at 1 by 3"])
        #expect(bench.tell(Self.orders(4, guarded: false)) == [.unguardMember(CellBench.member)])
        bench.tell(Self.orders(5))
        #expect(Self.claims(bench).isEmpty, "it is on its way out")
        #expect(bench.finish(.unguardMember(CellBench.member)) == [.guardMember(CellBench.member)])
    }

    @Test("None that is not ordered to be guarded, or runs outside of them without a session")
    func outside() {
        var bench = Self.serving()
        bench.isHolding = true
        bench.tell(Self.orders(3, guarded: false))
        #expect(Self.claims(bench).isEmpty)
        var other = CellBench.serving()
        #expect(other.tell(Self.orders(3, session: nil)).isEmpty, "nothing is guarded without a session")
        #expect(Self.claims(other).isEmpty)
    }

    @Test("Only what its label says that it holds: under the order's epoch and branch, as a holder, not sealed")
    func labels() {
        for (change, isClaimed) in [
            ({ _ in }, true), ({ $0.epoch = Epoch(2) }, false), ({ $0.branch = 2 }, false),
        ] as [((inout VolumeOrder) -> Void, Bool)] {
            var bench = Self.serving()
            var orders = CellBench.orders(3)
            change(&orders.volumes[0])
            bench.isHolding = true
            bench.tell(Self.orders(3, orders))
            #expect(Self.claims(bench).isEmpty == !isClaimed)
        }
        var stopped = Self.serving()
        stopped.tell(Self.orders(3, CellBench.orders(3, run: false)))
        #expect(Self.claims(stopped) == ["v1 at 1 by 3"])
        stopped.end()
        #expect(stopped.report?.volumes.first?.label?.sealed == true && Self.claims(stopped).isEmpty)
        var replica = CellBench()
        replica.begin()
        replica.tell(.session(Self.session))
        var follows = CellBench.orders(1, purpose: .follow(CellBench.member, mayCreate: true))
        follows.members[0].role = .replica
        replica.tell(Self.orders(1, follows))
        #expect(replica.report?.volumes.first?.label?.role == .replica && Self.claims(replica).isEmpty)
    }

    @Test("Sorted by volume")
    func sorted() {
        var bench = CellBench()
        bench.begin()
        bench.tell(.session(Self.session))
        func both(_ revision: Int64, _ sealedAt: UInt64?) -> CellOrders {
            var orders = CellBench.orders(revision, sealedAt: sealedAt)
            for name in ["v0", "v2"] {
                var (member, volume) = (orders.members[0], orders.volumes[0])
                member.id = MemberID("m-\(name)")!
                member.slot = name == "v0" ? 3 : 4
                member.volume = VolumeID(name)!
                volume.id = VolumeID(name)!
                volume.purpose = .serve(member.id, sealedAt: Epoch(sealedAt ?? 1), mayCreate: sealedAt == 0)
                orders.members.insert(member, at: name == "v2" ? 0 : 1)
                orders.volumes.append(volume)
            }
            return orders
        }
        bench.tell(Self.orders(1, both(1, 0)))
        bench.tell(Self.orders(2, both(2, nil)))
        #expect(bench.machine.guardedVolumes().map(\.volume.description) == ["v0", "v1", "v2"])
    }

    @Test("Under a latch that was found on nothing guarded is made before it was lifted")
    func latched() {
        var bench = CellBench()
        bench.world.isLatched = true
        bench.begin()
        bench.isHolding = true
        bench.tell(.session(Self.session))
        let effects = bench.tell(Self.orders(1, CellBench.orders(1, hasVolume: false)))
        #expect(effects.map(\.name).contains(.guardsUnlatch))
        var rest = effects.filter { $0.name != .guardsUnlatch }
        while let effect = rest.first { rest = rest.dropFirst() + bench.finish(effect) }
        #expect(bench.world.containers.isEmpty && bench.world.rootfs.count == 1)
        #expect(bench.finish(.unlatch(Self.session)).map(\.name) == [.containerCreate])
    }
}

import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

/// The checks that read the store's log, each shown a log that breaks its invariant.
struct ChecksRecordTests {
    private let timing = SessionTiming.fast

    private func id<Kind>(_ text: String) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { preconditionFailure("\(text) is no id") }
        return id
    }

    private func session(
        _ cell: String, _ sequence: UInt64, isAlive: Bool = true, name: String = "s1",
        guards: GuardReport = .none
    ) -> SessionRecord {
        SessionRecord(
            cell: id(cell), session: id(name), sequence: sequence,
            state: isAlive ? .alive : .expired(fence: id("f1")), incarnation: id("i1"), machineID: "m", bootID: "b",
            guards: guards, isPausable: false)
    }

    private func volume(
        _ name: String, cell: String, epoch: UInt64, phase: VolumePhase, branch: Int = 0,
        guardState: GuardState = .off
    ) throws -> VolumeRecord {
        VolumeRecord(
            id: id(name), app: id("a1"), appName: try #require(AppName("demo")), cell: id(cell), size: .megabytes(100),
            directories: [], lineage: id("l1"), branch: branch, epoch: Epoch(epoch), sealedAt: .none, isMade: true,
            phase: phase, createdAt: Timestamp(millisecondsSince1970: 0), incarnation: id("i1"),
            guardState: guardState)
    }

    private func commit(_ changes: [(Record?, Record?)], at seconds: Int64 = 100) -> Commit {
        Commit(
            revision: 1, time: .zero + .seconds(seconds),
            changes: changes.map { Commit.Change(old: $0.0, new: $0.1) })
    }

    private func term(_ value: UInt64) -> Record {
        .term(TermRecord(term: Term(value), since: Timestamp(millisecondsSince1970: 0), holder: id("s0")))
    }

    @Test("a term that was taken twice is found")
    func terms() {
        var check = TokenCheck()
        #expect(check.commit(commit([(nil, term(1))])) == nil)
        #expect(check.commit(commit([(term(1), term(2))])) == nil)
        #expect(check.commit(commit([(term(2), term(2))]))?.invariant == .tokensGrow)
        #expect(check.term(at: 1)?.term == Term(2))
    }

    @Test("a session whose sequence stands still, or that lives again, is found")
    func sessions() {
        var check = TokenCheck()
        let one = session("c1", 5)
        #expect(check.commit(commit([(.session(one), .session(session("c1", 6)))])) == nil)
        #expect(check.commit(commit([(.session(one), .session(one))]))?.invariant == .tokensGrow)
        let dead = session("c1", 6, isAlive: false)
        #expect(check.commit(commit([(.session(session("c1", 6)), .session(dead))])) == nil)
        #expect(check.commit(commit([(.session(dead), .session(session("c1", 7)))]))?.invariant == .tokensGrow)
        #expect(check.commit(commit([(.session(dead), .session(session("c1", 8, name: "s2")))])) == nil)
    }

    @Test("an epoch that was granted before the store was restored is not granted again")
    func epochs() throws {
        var check = TokenCheck()
        let held = VolumePhase.held(by: id("m1"))
        #expect(check.commit(commit([(nil, .volume(try volume("v1", cell: "c1", epoch: 7, phase: held)))])) == nil)
        check.restored()
        let again = try volume("v2", cell: "c2", epoch: 7, phase: held)
        #expect(check.commit(commit([(nil, .volume(again))]))?.invariant == .tokensGrow)
        let later = try volume("v2", cell: "c2", epoch: 8, phase: held)
        #expect(check.commit(commit([(nil, .volume(later))])) == nil)
    }

    private func world(
        _ evidence: [FenceEvidence], incarnation: String = "i1", cell: String = "c1", isCurrent: Bool = true
    ) throws
        -> (view: PlatformView, old: VolumeRecord, taker: VolumeRecord, commit: Commit)
    {
        var view = PlatformView()
        var old = try volume("v1", cell: "c1", epoch: 3, phase: .held(by: id("m1")), guardState: .on(orderedAt: 5))
        let replica = try volume("v2", cell: "c2", epoch: 3, phase: .follows(old.id))
        old.replication = ReplicationState(waitsFor: [replica.id], enforced: isCurrent ? [replica.id] : [])
        view.put(.volume(old), revision: 1)
        view.put(.volume(replica), revision: 2)
        let spec = WorkloadSpec(
            image: ResolvedImage(
                reference: try #require(ImageReference(parsing: "demo/demo")), name: "demo", source: .bundled,
                manifestDigest: "sha256:0", layers: [],
                configuration: ImageConfiguration(entrypoint: ["/bin/demo"], volumes: [], ports: [])),
            memory: .megabytes(1), cpu: Millicores(1), disk: nil, ephemeralPaths: [], environment: [:],
            targetPort: nil, restartPolicy: .consistent, health: HealthCheck(port: nil))
        let time = Timestamp(millisecondsSince1970: 0)
        view.put(
            .app(
                AppRecord(
                    id: old.app, name: old.appName, spec: spec, desired: .started, generation: 1, createdAt: time,
                    updatedAt: time)), revision: 3)
        view.put(
            .fence(
                FenceRecord(
                    id: id("f1"), cell: id(cell), incarnation: id(incarnation), cause: .silence, createdAt: time,
                    createdBy: "controller", evidence: evidence)), revision: 4)
        var lost = old
        lost.phase = .kept(until: time)
        var taker = replica
        taker.phase = .held(by: id("m2"))
        taker.epoch = Epoch(4)
        let commit = commit([(.volume(old), .volume(lost)), (.volume(replica), .volume(taker))])
        return (view, old, taker, commit)
    }

    private func judge(
        _ world: (view: PlatformView, old: VolumeRecord, taker: VolumeRecord, commit: Commit)
    ) -> Invariant? {
        var check = EvidenceCheck()
        return check.commit(
            world.commit, truth: world.view, canWrite: { _, _, _ in false }, timing: timing, machine: { _ in nil })?
            .invariant
    }

    @Test("a volume that is handed over without evidence, or with that of another incarnation, epoch or cell, is found")
    func evidence() throws {
        let word = FenceEvidence.word(promises: [VolumePromise(volume: id("v1"), epoch: Epoch(3))])
        #expect(judge(try world([word])) == nil)
        #expect(judge(try world([])) == .evidenceFirst)
        #expect(judge(try world([word], incarnation: "i0")) == .evidenceFirst)
        #expect(judge(try world([word], cell: "c9")) == .evidenceFirst)
        #expect(judge(try world([word], isCurrent: false)) == .acknowledgedKept)
        let older = FenceEvidence.word(promises: [VolumePromise(volume: id("v1"), epoch: Epoch(2))])
        #expect(judge(try world([older])) == .evidenceFirst)
    }

    @Test(
        "silence frees only what was under all guards at its epoch",
        arguments: [
            (5 as Int64, 3 as UInt64, true, Set<GuardKind>([.sentinel, .watcher]), true),
            (4, 3, true, [.sentinel, .watcher], false),
            (5, 2, true, [.sentinel, .watcher], false),
            (5, 3, false, [.sentinel, .watcher], false),
            (5, 3, true, [.watcher], false),
            (5, 3, true, [.ports, .sentinel], false),
        ] as [(Int64, UInt64, Bool, Set<GuardKind>, Bool)])
    func silence(revision: Int64, epoch: UInt64, isHard: Bool, armed: Set<GuardKind>, frees: Bool) throws {
        let guards = GuardReport(
            armed: armed,
            volumes: [GuardedVolume(volume: id("v1"), epoch: Epoch(epoch), ordersRevision: revision)])
        let expiry = FenceEvidence.expiry(session: id("s1"), sequence: 9, guards: guards, isPausable: !isHard)
        #expect(judge(try world([expiry])) == (frees ? nil : .evidenceFirst))
    }

    @Test("a word that is on no disk, for this fence, is found")
    func words() throws {
        let fence = FenceRecord(
            id: id("f2"), cell: id("c1"), incarnation: id("i1"), cause: .asked,
            createdAt: Timestamp(millisecondsSince1970: 0), createdBy: "operator")
        var told = fence
        told.evidence = [.word(promises: [VolumePromise(volume: id("v1"), epoch: Epoch(3))])]
        let change = commit([(.fence(fence), .fence(told))])
        var check = EvidenceCheck()
        check.promised(id("f1"), [VolumePromise(volume: id("v1"), epoch: Epoch(3))], by: id("i1"))
        func judge(_ canWrite: Bool) -> Invariant? {
            check.commit(
                change, truth: PlatformView(), canWrite: { _, _, _ in canWrite }, timing: timing, machine: { _ in nil })?
                .invariant
        }
        #expect(judge(false) == .oldNewsConfirmsNothing)
        check.promised(id("f2"), [VolumePromise(volume: id("v1"), epoch: Epoch(3))], by: id("i2"))
        #expect(judge(false) == .oldNewsConfirmsNothing, "it is of another life of the cell")
        check.promised(id("f2"), [VolumePromise(volume: id("v1"), epoch: Epoch(3))], by: id("i1"))
        #expect(judge(false) == nil)
        #expect(judge(true) == .evidenceFirst)
    }

    @Test("power that was never off is no evidence")
    func power() {
        let fence = FenceRecord(
            id: id("f2"), cell: id("c1"), incarnation: id("i1"), cause: .silence,
            createdAt: Timestamp(millisecondsSince1970: 0), createdBy: "controller")
        var told = fence
        told.evidence = [.power(level: 0)]
        var machine = MachineTruth()
        func judge() -> Invariant? {
            var check = EvidenceCheck()
            _ = check.commit(
                commit([(nil, .fence(fence))], at: 50), truth: PlatformView(), canWrite: { _, _, _ in false },
                timing: timing, machine: { _ in machine })
            return check.commit(
                commit([(.fence(fence), .fence(told))]), truth: PlatformView(), canWrite: { _, _, _ in false },
                timing: timing, machine: { _ in machine })?.invariant
        }
        #expect(judge() == .evidenceFirst)
        machine.offSince = .zero + .seconds(40)
        #expect(judge() == .evidenceFirst)
        machine.offSince = .zero + .seconds(60)
        #expect(judge() == nil)
        machine = MachineTruth()
        machine.isOn = false
        #expect(judge() == nil)
    }

    @Test("a guarded holder that can still write when its session expires is found")
    func guards() throws {
        let listed = GuardReport(
            armed: [.sentinel, .watcher],
            volumes: [GuardedVolume(volume: id("v1"), epoch: Epoch(3), ordersRevision: 9)])
        var view = PlatformView()
        view.put(
            .volume(try volume("v1", cell: "c1", epoch: 3, phase: .held(by: id("m1")), guardState: .on(orderedAt: 5))),
            revision: 1)
        let change = commit([
            (.session(session("c1", 6, guards: listed)), .session(session("c1", 6, isAlive: false, guards: listed)))
        ])
        for canWrite in [true, false] {
            let found = GuardCheck().commit(
                change, truth: view, canWrite: { _, _, _ in canWrite }, timing: timing, machine: { _ in MachineTruth() }
            )
            #expect(found?.invariant == (canWrite ? .guardsInTime : nil))
        }
    }

    @Test("more expiries at once than the brake allows are found, and a slow series is not")
    func brake() {
        var view = PlatformView()
        for index in 0..<8 {
            view.put(
                .cell(
                    CellRecord(
                        id: id("c\(index)"), zone: "z\(index % 2)",
                        capacity: CellCapacity(memory: .megabytes(1), cpu: Millicores(1), disk: .megabytes(1)),
                        machineID: "m", bootID: "b")), revision: 1)
        }
        func expire(_ index: Int, _ seconds: Int64, _ check: inout BrakeCheck) -> Invariant? {
            check.commit(
                commit(
                    [(.session(session("c\(index)", 1)), .session(session("c\(index)", 1, isAlive: false)))],
                    at: seconds), truth: view, timing: timing)?.invariant
        }
        var check = BrakeCheck()
        #expect((0..<3).map { expire($0, 100, &check) } == [nil, nil, .brakeHolds])
        check = BrakeCheck()
        #expect((0..<3).map { expire($0, 100 * Int64($0), &check) } == [nil, nil, nil])
    }

    @Test("a second move for one fault is found, and so is a move without any")
    func moves() throws {
        var check = MoveCheck()
        let taken = try world([]).commit
        #expect(check.commit(taken)?.invariant == .oneMoveForOneFault)
        check.patience = .seconds(30)
        check.begin(cell: 4, from: .zero + .seconds(90), to: .zero + .seconds(95))
        #expect(check.commit(taken)?.invariant == .oneMoveForOneFault)
        check.begin(cell: 1, from: .zero + .seconds(10), to: .zero + .seconds(50))
        #expect(check.commit(taken)?.invariant == .oneMoveForOneFault)
        check.begin(cell: 1, from: .zero + .seconds(90), to: .zero + .seconds(95))
        #expect(check.commit(taken) == nil)
        #expect(check.commit(taken)?.invariant == .oneMoveForOneFault)
    }

    @Test("a router that goes back to an older holder is found")
    func routes() throws {
        let (view, old, _, _) = try world([])
        let member = MemberRecord(id: id("m1"), app: old.app, index: 0, cell: old.cell, slot: 2, volume: old.id)
        var check = RouteCheck()
        func lead(_ epoch: UInt64) -> Invariant? {
            let target = RouteTarget(member: member.id, address: "10.77.1.2", port: 5_432, epoch: Epoch(epoch))
            return check.lead(0, 3, ProxyServerName(target), at: .zero)?.invariant
        }
        #expect(lead(9) == nil, "of a member that has no volume nothing is known")
        check.note(member, view)
        #expect(lead(3) == nil)
        #expect(lead(4) == nil)
        #expect(lead(3) == .routesCurrent)
    }

    @Test("two primaries of one app, two members on one cell, and a cell that is too full are found")
    func placement() throws {
        let (view, old, _, _) = try world([])
        func place(_ member: MemberRecord, on view: PlatformView) -> Invariant? {
            var view = view
            view.put(.member(member), revision: 9)
            var check = PlacementCheck()
            return check.commit(commit([(nil, .member(member))]), truth: view)?.invariant
        }
        var first = view
        first.put(
            .member(MemberRecord(id: id("m1"), app: old.app, index: 0, cell: id("c1"), slot: 2, volume: nil)),
            revision: 8)
        let replica = MemberRecord(
            id: id("m2"), app: old.app, index: 1, cell: id("c2"), slot: 2, volume: nil, role: .replica)
        #expect(place(replica, on: first) == nil)
        var wrong = replica
        wrong.cell = id("c1")
        #expect(place(wrong, on: first) == .constraintsHold)
        wrong = replica
        wrong.role = .primary
        #expect(place(wrong, on: first) == .onceOnly)
        wrong = replica
        wrong.index = 0
        #expect(place(wrong, on: first) == .onceOnly)
        first.put(
            .cell(
                CellRecord(
                    id: id("c2"), zone: "z", capacity: CellCapacity(memory: .zero, cpu: Millicores(0), disk: .zero),
                    machineID: "m", bootID: "b")), revision: 8)
        #expect(place(replica, on: first) == .withinCapacity)
    }
}

import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What no recovery ever does")
struct RecoveryPromiseTests {
    /// Every combination of what the promises depend on.
    private struct Combination {
        var policy: RestartPolicy
        var fence: FenceLevel
        var whenLost: WhenLost
        var mode: ReplicationMode
        var evidence: FenceEvidence?
        var sight: CellSight
        var isEnforced: Bool
        var guardState: GuardState
        var isDrained: Bool
        var isBraked: Bool
    }

    private static let fence = FenceID("f")!

    private static func all() -> [Combination] {
        var all: [Combination] = []
        let evidences: [FenceEvidence?] = [
            nil, expiry(isPausable: false), expiry(isPausable: true),
            .word(promises: [VolumePromise(volume: RecoveryWorld.volume(0), epoch: Epoch(5))]),
            .word(promises: [VolumePromise(volume: RecoveryWorld.volume(0), epoch: Epoch(4))]), .power(level: 0),
            .person("operator"),
        ]
        let sights: [CellSight] = [.living, .late(milliseconds: 7_000), .overdue, .expired(fence), .unheard]
        for policy in RestartPolicy.allCases {
            for level in FenceLevel.allCases {
                for whenLost in WhenLost.allCases {
                    for mode in ReplicationMode.allCases {
                        for evidence in evidences {
                            for sight in sights {
                                for bits in 0..<8 {
                                    for state in [GuardState.off, .ordered, .on(orderedAt: 10)] {
                                        all.append(
                                            Combination(
                                                policy: policy, fence: level, whenLost: whenLost, mode: mode,
                                                evidence: evidence, sight: sight, isEnforced: bits & 1 == 1,
                                                guardState: state, isDrained: bits & 2 == 2, isBraked: bits & 4 == 4))
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return all
    }

    private static let plans = all().map { ($0, world($0).plan) }

    private static func expiry(isPausable: Bool) -> FenceEvidence {
        .expiry(
            session: SessionID("s")!, sequence: 1,
            guards: GuardReport(
                armed: Set(GuardKind.allCases),
                volumes: [GuardedVolume(volume: RecoveryWorld.volume(0), epoch: Epoch(5), ordersRevision: 10)]),
            isPausable: isPausable)
    }

    private static func world(_ choice: Combination) -> RecoveryWorld {
        var world = RecoveryWorld()
        world.policy = choice.policy
        world.recovery = RecoverySpec(
            fence: choice.fence, whenLost: choice.whenLost, replicas: 1, replication: choice.mode)
        world.cells = ["c1", "c2", "c3"].map { .init(id: CellID($0)!) }
        world.cells[0].sight = choice.sight
        world.cells[0].duty = choice.isDrained ? .drained : .active
        var primary = RecoveryWorld.Copy(index: 0, cell: CellID("c1")!, role: .primary, epoch: Epoch(5))
        primary.guardState = choice.guardState
        primary.waitsFor = choice.isEnforced ? [1] : []
        primary.enforced = primary.waitsFor
        var replica = RecoveryWorld.Copy(index: 1, cell: CellID("c2")!, epoch: Epoch(5))
        replica.follows = Epoch(5)
        world.copies = [primary, replica]
        if case .expired = choice.sight { world.fences = [record(choice)] }
        if choice.evidence != nil, choice.sight == .living { world.fences = [record(choice, .asked)] }
        if choice.isBraked { world.cluster.brake = Brake(since: Samples.start, cells: []) }
        return world
    }

    private static func record(_ choice: Combination, _ cause: FenceCause = .silence) -> FenceRecord {
        FenceRecord(
            id: fence, cell: CellID("c1")!, incarnation: IncarnationID("i1")!, cause: cause, createdAt: Samples.start,
            createdBy: "controller", evidence: choice.evidence.map { [$0] } ?? [])
    }

    /// By hand, apart from the rule: does the evidence free the volume?
    private static func frees(_ choice: Combination) -> Bool {
        switch choice.evidence {
        case nil: false
        case .person: true
        case .power: choice.fence != .person
        case .word(let promises): choice.fence != .person && promises[0].epoch == Epoch(5)
        case .expiry(_, _, _, let isPausable):
            choice.fence == .session && choice.guardState == .on(orderedAt: 10) && !isPausable
        }
    }

    @Test(
        "A branch is handed over only with the evidence that its workload asks for, and only to a copy that has all of it"
    )
    func handOver() {
        var count = 0
        for (choice, plan) in Self.plans {
            for case .handOver(let from, let to, let fence) in plan.steps {
                count += 1
                #expect(Self.frees(choice) && choice.isEnforced && !choice.isBraked, "\(choice)")
                #expect(from == RecoveryWorld.volume(0) && to == RecoveryWorld.member(1) && fence == Self.fence)
            }
        }
        #expect(count > 100)
    }

    @Test("A new branch begins under `available` only, after T, and not for a workload that waits for a person")
    func fork() {
        var count = 0
        for (choice, plan) in Self.plans {
            for case .fork in plan.steps {
                count += 1
                #expect(choice.policy == .available && !choice.isBraked, "\(choice)")
                #expect(choice.fence != .person || Self.frees(choice), "\(choice)")
                #expect(choice.sight == .expired(Self.fence) || Self.frees(choice), "\(choice)")
                #expect(!(Self.frees(choice) && choice.isEnforced), "a fork that nobody needs: \(choice)")
            }
        }
        #expect(count > 100)
    }

    @Test("Where it may go on, it does; where it may not, it says why")
    func explains() {
        for (choice, plan) in Self.plans {
            let moves = plan.steps.contains {
                switch $0 {
                case .handOver, .fork: true
                default: false
                }
            }
            guard case .expired = choice.sight else {
                if choice.sight != .living { #expect(!plan.reasons.isEmpty, "\(choice)") }
                continue
            }
            let may =
                !choice.isBraked
                && ((Self.frees(choice) && choice.isEnforced)
                    || (choice.policy == .available && (choice.fence != .person || Self.frees(choice))))
            #expect(moves == may, "\(choice)")
            if !may { #expect(!plan.reasons.isEmpty, "\(choice)") }
        }
    }

    @Test("Never an empty volume where there is a replica, and never a step that moves anything while the brake is on")
    func never() {
        for (choice, plan) in Self.plans {
            for step in plan.steps {
                if case .startEmpty = step { Issue.record("\(choice)") }
                guard choice.isBraked else { continue }
                switch step {
                case .handOver, .fork, .startEmpty, .replaceStateless, .replaceUnmade, .addReplica:
                    Issue.record("\(step) under the brake: \(choice)")
                default: continue
                }
            }
        }
    }

    @Test(
        "A guard is ordered only for a volume that somebody could take over, and confirmed only by its cell's own list")
    func guards() {
        for (index, (choice, plan)) in Self.plans.enumerated() {
            for step in plan.steps {
                switch step {
                case .orderGuard:
                    #expect(choice.sight == .living && choice.fence != .person, "\(choice)")
                    #expect(choice.policy == .available || choice.isEnforced, "\(choice)")
                case .confirmGuard: Issue.record("nothing was listed: \(choice)")
                default: continue
                }
            }
            guard index.isMultiple(of: 7) else { continue }
            var maintained = Self.world(choice)
            maintained.cluster.isInMaintenance = true
            #expect(!maintained.plan.steps.contains(.orderGuard(RecoveryWorld.volume(0))))
        }
    }

    @Test(
        "A workload that was stopped or is being deleted is never moved",
        arguments: [DesiredState.stopped, .deleted(purge: true)])
    func unwanted(desired: DesiredState) {
        for (index, choice) in Self.all().enumerated() where !choice.isBraked && index.isMultiple(of: 5) {
            var world = Self.world(choice)
            world.desired = desired
            for step in world.plan.steps { #expect(step == .dropGuard(RecoveryWorld.volume(0)), "\(choice)") }
        }
    }
}

import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("How a changed specification goes through the members")
struct RolloutRuleTests {
    /// A primary and replicas on cells of their own, all pinned to generation 1 while generation 2 is rolled out.
    private static func world(replicas: Int, state: RolloutState = .rolling) -> RecoveryWorld {
        var world = RecoveryWorld()
        world.generation = 2
        world.recovery.replicas = replicas
        for index in 0...replicas {
            world.cells.append(.init(id: CellID("c\(index)")!))
            var copy = RecoveryWorld.Copy(
                index: index, cell: CellID("c\(index)")!, role: index == 0 ? .primary : .replica, epoch: Epoch(5))
            copy.pinned = 1
            copy.follows = Epoch(5)
            world.copies.append(copy)
        }
        let all = replicas == 0 ? [] : Array(1...replicas)
        world.copies[0].waitsFor = all
        world.copies[0].enforced = all
        world.copies[0].says = all
        world.rollout = Rollout(previous: world.appRecord.value.spec, previousGeneration: 1, state: state)
        return world
    }

    private static func next(_ world: RecoveryWorld) -> RolloutStep? {
        RolloutRule.next(app: world.appRecord.value, facts: world.facts)
    }

    private static func advanced(_ world: RecoveryWorld, _ indices: [Int]) -> RecoveryWorld {
        var world = world
        for index in indices { world.copies[index].pinned = nil }
        return world
    }

    private static func waits(_ step: RolloutStep?, _ subject: String) -> Bool {
        if case .wait(let line)? = step { return line.subject == subject && line.hint != nil }
        return false
    }

    @Test("Nothing without a rollout, and nothing while the app shall not run")
    func nothing() {
        var world = Self.world(replicas: 0)
        world.desired = .stopped
        #expect(Self.next(world) == nil)
        world.desired = .started
        world.rollout = nil
        #expect(Self.next(world) == nil)
    }

    @Test("A single member changes in its place")
    func single() {
        let world = Self.world(replicas: 0)
        #expect(Self.next(world) == .advance(RecoveryWorld.member(0)))
        #expect(Self.next(Self.advanced(world, [0])) == .finish)
    }

    @Test(
        "Replicas first, one at a time; then the primary stands down for one that has changed; then it follows, changed"
    )
    func replicas() {
        var world = Self.world(replicas: 2)
        #expect(Self.next(world) == .advance(RecoveryWorld.member(1)))
        world = Self.advanced(world, [1])
        #expect(Self.next(world) == .advance(RecoveryWorld.member(2)))
        world = Self.advanced(world, [2])
        #expect(Self.next(world) == .standDown(RecoveryWorld.member(0), for: RecoveryWorld.member(1)))
        world.copies[0].standsDown = true
        world.copies[0].stoodDown = 1_000
        world.copies[0].memberPhase = .stopping
        #expect(Self.waits(Self.next(world), "demo/0"))
        world.copies[0].standsDown = false
        world.copies[0].role = .replica
        world.copies[1].role = .primary
        world.copies[0].memberPhase = .healthy
        #expect(Self.next(world) == .advance(RecoveryWorld.member(0)))
        #expect(Self.next(Self.advanced(world, [0])) == .finish)
    }

    @Test(
        "The primary waits until a changed replica is current; when it could not change over, it changes in its place")
    func primary() {
        var world = Self.advanced(Self.world(replicas: 1), [1])
        world.copies[0].enforced = []
        #expect(Self.waits(Self.next(world), "demo/0"))
        world.copies[0].enforced = [1]
        world.copies[0].stoodDown = 60_000
        #expect(Self.next(world) == .advance(RecoveryWorld.member(0)))
    }

    @Test("While a changed member is not healthy no other is touched; nor while one that has not changed is not")
    func oneAtATime() {
        for phase in [
            MemberPhase.preparing, .starting, .unhealthy, .unready, .waiting(nextTry: Samples.start), .stopped,
        ] {
            var world = Self.advanced(Self.world(replicas: 2), [1])
            world.copies[1].memberPhase = phase
            #expect(Self.waits(Self.next(world), "demo/1"), "\(phase)")
            world = Self.advanced(Self.world(replicas: 2), [1])
            world.copies[2].memberPhase = phase
            #expect(Self.waits(Self.next(world), "demo/2"), "\(phase)")
        }
    }

    @Test("What it waits for says what fails there")
    func problem() {
        var world = Self.advanced(Self.world(replicas: 0), [0])
        world.copies[0].memberPhase = .preparing
        world.copies[0].problem = FoundryError(.imageUnreachable, "The registry cannot be reached.")
        guard case .wait(let line)? = Self.next(world) else {
            Issue.record("it waits")
            return
        }
        #expect(line.text == "the rollout waits until it serves: The registry cannot be reached.")
    }

    @Test("In a rollout only a changed replica takes over; when it is called off, the primary goes on")
    func changeOver() {
        var world = Self.advanced(Self.world(replicas: 2), [1])
        world.copies[0].phase = .sealed
        world.copies[0].standsDown = true
        world.copies[1].hasAll = true
        world.copies[2].hasAll = true
        world.copies[2].position = 9
        #expect(world.plan.steps.contains(.changeOver(from: RecoveryWorld.member(0), to: RecoveryWorld.member(1))))
        world.rollout?.state = .goingBack(reason: "ended")
        #expect(world.plan.steps.contains(.standUp(RecoveryWorld.member(0))))
    }

    @Test("What a cell says of the container before does not count, nor what it said before it fell silent")
    func staleNews() {
        var world = Self.advanced(Self.world(replicas: 1), [1])
        world.copies[1].generation = 1
        #expect(Self.waits(Self.next(world), "demo/1"))
        world.copies[1].generation = nil
        // A container was made anew with each change of role.
        world.copies[1].turn = 3
        #expect(Self.next(world) == .standDown(RecoveryWorld.member(0), for: RecoveryWorld.member(1)))
        world.copies[1].generation = 2
        #expect(Self.waits(Self.next(world), "demo/1"))
        world.copies[1].generation = nil
        world.cells[1].sight = .late(milliseconds: 3_000)
        #expect(Self.waits(Self.next(world), "demo/1"))
        world.hasReports = false
        #expect(Self.waits(Self.next(world), "demo/1"))
    }

    @Test("A member that is down anyway changes first: a push may mend it")
    func broken() {
        var world = Self.world(replicas: 2)
        world.copies[0].memberPhase = .crashed(nextTry: Samples.start)
        #expect(Self.next(world) == .advance(RecoveryWorld.member(0)))
        world.copies[0].memberPhase = .healthy
        world.copies[2].memberPhase = .refused(FoundryError(.imageInvalid, "No such image."))
        #expect(Self.next(world) == .advance(RecoveryWorld.member(2)))
        world.cells[2].sight = .overdue
        #expect(Self.waits(Self.next(world), "demo/2"))
    }

    @Test("The first that does not become healthy stops it")
    func fails() {
        var world = Self.advanced(Self.world(replicas: 2), [1])
        world.copies[1].memberPhase = .crashed(nextTry: Samples.start)
        #expect(Self.next(world) == .goBack(reason: "ended", lastLines: []))
        world.copies[1].memberPhase = .refused(FoundryError(.imageInvalid, "No such image."))
        #expect(Self.next(world) == .goBack(reason: "No such image.", lastLines: []))
        world.copies[1].memberPhase = .starting
        world.copies[1].restarts = RolloutRule.restartsAllowed
        #expect(Self.waits(Self.next(world), "demo/1"))
        world.copies[1].restarts += 1
        #expect(Self.next(world) == .goBack(reason: "ended, 3 times", lastLines: []))
        world.copies[1].memberPhase = .healthy
        #expect(Self.next(world) == .advance(RecoveryWorld.member(2)))
    }

    @Test(
        "One that was given the time of a start and did not answer counts at once, and so does what fails for half a minute"
    )
    func failsByCheck() {
        var world = Self.advanced(Self.world(replicas: 2), [1])
        world.copies[1].memberPhase = .waiting(nextTry: Samples.start)
        (world.copies[1].restarts, world.copies[1].isByCheck) = (1, true)
        #expect(Self.next(world) == .goBack(reason: "did not answer", lastLines: ["no"]))
        world.copies[1].restarts = 0
        #expect(Self.waits(Self.next(world), "demo/1"))
        world.copies[1].problem = FoundryError(.diskFull, "No room.")
        #expect(Self.waits(Self.next(world), "demo/1"))
        world.copies[1].since = Samples.start + -30_000
        #expect(Self.next(world) == .goBack(reason: "No room.", lastLines: ["no"]))
    }

    @Test("Alone, it does not wait for what does not serve, except for its cell")
    func alone() {
        var world = Self.world(replicas: 0)
        world.copies[0].memberPhase = .waiting(nextTry: Samples.start)
        #expect(Self.next(world) == .advance(RecoveryWorld.member(0)))
        world.cells[0].sight = .overdue
        #expect(Self.waits(Self.next(world), "demo/0"))
    }

    @Test("Back: the failed one at once, the others one at a time, the primary last")
    func back() {
        var world = Self.advanced(Self.world(replicas: 2, state: .goingBack(reason: "ended")), [0, 1, 2])
        world.copies[2].memberPhase = .crashed(nextTry: Samples.start)
        #expect(Self.next(world) == .retreat(RecoveryWorld.member(2)))
        world.copies[2].pinned = 1
        #expect(Self.waits(Self.next(world), "demo/2"))
        world.copies[2].memberPhase = .healthy
        #expect(Self.next(world) == .retreat(RecoveryWorld.member(1)))
        world.copies[1].pinned = 1
        #expect(Self.next(world) == .retreat(RecoveryWorld.member(0)))
        world.copies[0].pinned = 1
        world.copies[0].memberPhase = .starting
        #expect(Self.waits(Self.next(world), "demo/0"))
        for phase in [MemberPhase.healthy, .crashed(nextTry: Samples.start), .unready] {
            world.copies[0].memberPhase = phase
            #expect(Self.next(world) == .finishBack(reason: "ended"), "\(phase)")
        }
        world.copies[0].memberPhase = .preparing
        world.cells[0].sight = .overdue
        #expect(Self.next(world) == .finishBack(reason: "ended"), "nobody knows when its cell is back")
    }

    @Test("Whatever members do: it ends, and at most one member that was healthy is down because of it")
    func property() {
        var random = Seeded(91)
        var (finished, wentBack) = (0, 0)
        for _ in 0..<500 {
            var world = Self.world(replicas: Int.random(in: 0...3, using: &random))
            let isBad = random.chance(40)
            for step in 0..<60 {
                guard let next = Self.next(world) else { break }
                #expect(step < 59, "it does not end: \(next)")
                #expect(world.copies.filter { $0.memberPhase != .healthy }.count <= 1)
                if case .finish = next { finished += 1 }
                if case .finishBack = next { wentBack += 1 }
                Self.apply(next, isBad: isBad, &world, &random)
            }
        }
        #expect(finished > 100 && wentBack > 100)
    }

    private static func apply(_ step: RolloutStep, isBad: Bool, _ world: inout RecoveryWorld, _ random: inout Seeded) {
        func index(_ member: MemberID) -> Int { world.copies.firstIndex { $0.member == member }! }
        switch step {
        case .advance(let member):
            world.copies[index(member)].pinned = nil
            world.copies[index(member)].memberPhase = .starting
        case .retreat(let member):
            world.copies[index(member)].pinned = 1
            world.copies[index(member)].memberPhase = .starting
        case .standDown(let member, let next):
            // The change-over itself is the recovery's.
            world.copies[index(member)].role = .replica
            world.copies[index(next)].role = .primary
            world.copies[index(next)].enforced = world.copies.map(\.index).filter {
                $0 != world.copies[index(next)].index
            }
        case .goBack(let reason, _): world.rollout?.state = .goingBack(reason: reason)
        case .finish, .finishBack: world.rollout = nil
        case .wait:
            for index in world.copies.indices where world.copies[index].memberPhase == .starting {
                let fails = isBad && world.copies[index].pinned == nil
                world.copies[index].memberPhase = fails ? .crashed(nextTry: Samples.start) : .healthy
            }
        }
    }
}

import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite struct SupervisorMachineTests {
    private func machine(draining: Bool = false) -> SupervisorMachine {
        SupervisorMachine([.init(name: "server"), .init(name: "cell", drains: true)], draining: draining, now: time(0))
    }

    private func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    @Test func `what runs is adopted, what does not is started`() throws {
        var machine = machine()
        #expect(try machine.handle(.began(running: ["cell"]), now: time(0)) == [.start("server")])
        #expect(try machine.handle(.started("server"), now: time(1)) == [])
        #expect(machine.nextDeadline == nil)
    }

    @Test func `an ended daemon is started again when its delay is over, not before`() throws {
        var machine = machine()
        _ = try machine.handle(.began(running: ["cell", "server"]), now: time(0))
        #expect(try machine.handle(.ended("server", .unclean), now: time(100)) == [])
        #expect(machine.nextDeadline == time(110))
        #expect(try machine.handle(.timePassed, now: time(109)) == [])
        #expect(try machine.handle(.timePassed, now: time(110)) == [.start("server")])
    }

    @Test func `stopping tells all, kills the slow, and finishes when the last is gone`() throws {
        var machine = machine()
        _ = try machine.handle(.began(running: ["cell", "server"]), now: time(0))
        #expect(
            try machine.handle(.stopRequested, now: time(0)) == [
                .signal("server", .terminate), .signal("cell", .terminate),
            ])
        #expect(try machine.handle(.ended("server", .clean), now: time(5)) == [])
        #expect(try machine.handle(.timePassed, now: time(10_000)) == [.signal("cell", .kill)])
        #expect(try machine.handle(.ended("cell", .unclean), now: time(10_001)) == [.finish(drained: false)])
    }

    @Test func `draining ends with the rest only after the cell said that it drained`() throws {
        var machine = machine()
        _ = try machine.handle(.began(running: ["cell", "server"]), now: time(0))
        #expect(try machine.handle(.drainRequested, now: time(0)) == [.signal("cell", .drain)])
        #expect(try machine.handle(.ended("server", .unclean), now: time(1)) == [], "the server is not needed any more")
        #expect(try machine.handle(.ended("cell", .unclean), now: time(2)) == [])
        #expect(try machine.handle(.timePassed, now: time(12)) == [.start("cell")])
        #expect(try machine.handle(.started("cell"), now: time(13)) == [], "it knows by itself")
        #expect(try machine.handle(.ended("cell", .clean), now: time(50)) == [.finish(drained: true)])
    }

    @Test func `an end that nobody saw is no proof of a drain`() throws {
        var machine = machine(draining: true)
        #expect(try machine.handle(.began(running: ["cell"]), now: time(0)) == [.signal("cell", .drain)])
        #expect(try machine.handle(.ended("cell", .unknown), now: time(1)) == [])
        #expect(try machine.handle(.timePassed, now: time(11)) == [.start("cell")])
    }

    @Test func `a cell that does not come to the end of its drain is killed and started anew`() throws {
        var machine = machine(draining: true)
        #expect(try machine.handle(.began(running: []), now: time(0)) == [.start("cell")])
        _ = try machine.handle(.started("cell"), now: time(0))
        #expect(try machine.handle(.timePassed, now: time(600_000)) == [.signal("cell", .kill)])
        _ = try machine.handle(.ended("cell", .unclean), now: time(600_001))
        #expect(try machine.handle(.timePassed, now: time(600_011)) == [.start("cell")])
    }

    @Test func `events that do not fit are refused and change nothing`() throws {
        var machine = machine()
        #expect(throws: SupervisorRefusal.self) { try machine.handle(.timePassed, now: time(0)) }
        _ = try machine.handle(.began(running: ["cell", "server"]), now: time(0))
        for event: SupervisorEvent in [
            .began(running: []), .started("server"), .notStarted("cell"), .ended("router", .clean),
        ] {
            let before = machine
            #expect(throws: SupervisorRefusal.self) { try machine.handle(event, now: time(1)) }
            #expect(machine == before)
        }
        _ = try machine.handle(.drainRequested, now: time(2))
        #expect(throws: SupervisorRefusal.self) { try machine.handle(.stopRequested, now: time(3)) }
    }

    /// Plays a world that answers each start, kills at random, and asks for an end at the end.
    @Test(arguments: [UInt64](1...40))
    func `from any history, serving means all run again and stopping means nothing runs`(_ seed: UInt64) throws {
        var random = Seeded(seed)
        var machine = machine()
        var running: Set<String> = seed % 2 == 0 ? ["cell"] : []
        var now: Int64 = 0
        var isFinished = false
        func tell(_ event: SupervisorEvent) throws {
            var events = [event]
            while !events.isEmpty {
                for effect in try machine.handle(events.removeFirst(), now: time(now)) {
                    switch effect {
                    case .start(let name):
                        #expect(!running.contains(name), "never two of one")
                        let succeeds = Int.random(in: 0..<4, using: &random) > 0
                        if succeeds { running.insert(name) }
                        events.append(succeeds ? .started(name) : .notStarted(name))
                    case .signal(let name, _): #expect(running.contains(name))
                    case .finish: isFinished = true
                    }
                }
            }
        }
        try tell(.began(running: running.sorted()))
        for _ in 0..<200 {
            now += Int64.random(in: 0...3000, using: &random)
            if let victim = running.sorted().randomElement(using: &random), Bool.random(using: &random) {
                running.remove(victim)
                try tell(.ended(victim, .unclean))
            }
            try tell(.timePassed)
        }
        while let deadline = machine.nextDeadline {
            now = max(now, deadline.milliseconds)
            try tell(.timePassed)
        }
        #expect(running == ["server", "cell"])
        try tell(seed % 3 == 0 ? .stopRequested : .drainRequested)
        for _ in 0..<100 where !isFinished {
            if let next = running.sorted().first {
                running.remove(next)
                try tell(.ended(next, .clean))
            }
            if let deadline = machine.nextDeadline { now = max(now, deadline.milliseconds) }
            if !isFinished { try tell(.timePassed) }
        }
        #expect(isFinished && running.isEmpty)
    }
}

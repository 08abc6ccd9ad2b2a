import FoundryModel
import FoundryRules
import Testing

@Suite("What is asked of a supervisor, at odd times")
struct SupervisorVerbTests {
    private func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    private func machine(running: [String] = ["cell", "server"]) throws -> SupervisorMachine {
        var machine = SupervisorMachine([.init(name: "server"), .init(name: "cell", drains: true)], now: time(0))
        _ = try machine.handle(.began(running: running), now: time(0))
        return machine
    }

    private func refusal(_ machine: SupervisorMachine, _ event: SupervisorEvent) -> String? {
        var copy = machine
        do throws(SupervisorRefusal) {
            _ = try copy.handle(event, now: time(9))
            return nil
        } catch {
            return error.description
        }
    }

    @Test("Stop asked twice is one stop; a drain comes too late for it")
    func stopTwice() throws {
        var machine = try machine()
        _ = try machine.handle(.stopRequested, now: time(1))
        #expect(try machine.handle(.stopRequested, now: time(2)) == [])
        #expect(refusal(machine, .drainRequested) == "ours are ending already, members stay")
        #expect(machine.nextDeadline == time(10_001), "the first request counts")
    }

    @Test("Drain asked twice is one drain; a stop does not cut it short")
    func drainTwice() throws {
        var machine = try machine()
        #expect(try machine.handle(.drainRequested, now: time(1)) == [.signal("cell", .drain)])
        #expect(try machine.handle(.drainRequested, now: time(2)) == [])
        #expect(refusal(machine, .stopRequested) == "members are being stopped, which ends with the end of ours")
        #expect(machine.nextDeadline == time(600_001))
    }

    @Test("After the end everything is refused, and nothing is due")
    func afterTheEnd() throws {
        var machine = try machine(running: ["cell", "server"])
        _ = try machine.handle(.stopRequested, now: time(1))
        _ = try machine.handle(.ended("cell", .clean), now: time(2))
        #expect(try machine.handle(.ended("server", .clean), now: time(2)) == [.finish(drained: false)])
        for event: SupervisorEvent in [.stopRequested, .drainRequested, .timePassed, .started("cell")] {
            #expect(refusal(machine, event)?.hasSuffix("after the end") == true)
        }
        #expect(machine.nextDeadline == nil && machine.nextStart(of: "cell") == nil)
    }

    @Test(
        "A drain starts at once the cell that was waiting for its restart, and lets one that is being started come up")
    func drainWithoutCell() throws {
        var machine = try machine()
        for _ in 0..<6 {
            _ = try machine.handle(.ended("cell", .unclean), now: time(10))
            let next = try #require(machine.nextStart(of: "cell"))
            #expect(try machine.handle(.timePassed, now: next) == [.start("cell")])
            _ = try machine.handle(.started("cell"), now: next)
        }
        _ = try machine.handle(.ended("cell", .unclean), now: time(900))
        #expect(try machine.handle(.drainRequested, now: time(901)) == [.start("cell")])
        var starting = try self.machine(running: ["server"])
        #expect(try starting.handle(.drainRequested, now: time(1)) == [])
        #expect(try starting.handle(.started("cell"), now: time(2)) == [], "it begins after the word, and knows it")
        #expect(try starting.handle(.ended("cell", .clean), now: time(3)) == [.signal("server", .terminate)])
    }

    @Test("A daemon that is being started is refused a second beginning and an end of its run")
    func oddAnswers() throws {
        let machine = try machine(running: ["server"])
        #expect(refusal(machine, .ended("cell", .clean)) == "cell cannot have ended now")
        #expect(refusal(machine, .notStarted("server")) == "server cannot have ended now")
        #expect(refusal(machine, .started("server")) == "server was not being started")
        #expect(refusal(machine, .started("router")) == "no daemon is called router")
        #expect(refusal(machine, .began(running: [])) == "it has begun already")
        let fresh = SupervisorMachine([.init(name: "server")], now: time(0))
        #expect(refusal(fresh, .stopRequested) == "stopRequested before the beginning")
        #expect(refusal(fresh, .began(running: ["router"])) == "no daemon is called router")
    }

    @Test("Restarts count starts after the first, and the next start is told while it is waited for")
    func counts() throws {
        var machine = try machine(running: ["server"])
        #expect(machine.restarts(of: "cell") == 0 && machine.restarts(of: "router") == 0)
        _ = try machine.handle(.notStarted("cell"), now: time(5))
        #expect(machine.nextStart(of: "cell") == time(15))
        #expect(machine.nextStart(of: "server") == nil && machine.nextStart(of: "router") == nil)
        #expect(try machine.handle(.timePassed, now: time(15)) == [.start("cell")])
        #expect(machine.nextStart(of: "cell") == nil)
        _ = try machine.handle(.started("cell"), now: time(16))
        #expect(machine.restarts(of: "cell") == 0)
        _ = try machine.handle(.ended("cell", .unknown), now: time(20))
        _ = try machine.handle(.timePassed, now: time(40))
        _ = try machine.handle(.started("cell"), now: time(41))
        #expect(machine.restarts(of: "cell") == 1 && machine.restarts(of: "server") == 0)
        _ = try machine.handle(.stopRequested, now: time(42))
        _ = try machine.handle(.ended("cell", .clean), now: time(43))
        #expect(machine.nextStart(of: "cell") == nil, "while ours end nothing is started")
    }

    @Test("A run of three seconds begins the count of young ends anew, one that is shorter does not")
    func settles() throws {
        var machine = try machine()
        var now: Int64 = 0
        for (ranFor, pause) in [(Int64(0), Int64(10)), (10, 20), (2_999, 40), (3_000, 10), (5, 20)] {
            now += ranFor
            _ = try machine.handle(.ended("server", .unclean), now: time(now))
            #expect(machine.nextStart(of: "server") == time(now + pause), "after \(ranFor) ms")
            now += pause
            #expect(try machine.handle(.timePassed, now: time(now)) == [.start("server")])
            _ = try machine.handle(.started("server"), now: time(now))
        }
    }

    @Test("A daemon that outlives its kill is killed again")
    func killedAgain() throws {
        var machine = try machine()
        _ = try machine.handle(.stopRequested, now: time(0))
        _ = try machine.handle(.ended("server", .clean), now: time(1))
        #expect(try machine.handle(.timePassed, now: time(9_999)) == [])
        #expect(try machine.handle(.timePassed, now: time(10_000)) == [.signal("cell", .kill)])
        #expect(try machine.handle(.timePassed, now: time(19_999)) == [])
        #expect(try machine.handle(.timePassed, now: time(20_000)) == [.signal("cell", .kill)])
    }

    @Test("A daemon that begins while ours end is told to end, too")
    func beginsLate() throws {
        var machine = try machine(running: ["server"])
        #expect(try machine.handle(.stopRequested, now: time(1)) == [.signal("server", .terminate)])
        #expect(try machine.handle(.started("cell"), now: time(2)) == [.signal("cell", .terminate)])
        _ = try machine.handle(.ended("server", .clean), now: time(3))
        #expect(try machine.handle(.ended("cell", .clean), now: time(4)) == [.finish(drained: false)])
    }

    @Test("Every effect has the name under which it is journalled")
    func names() {
        let effects: [SupervisorEffect] = [.start("cell"), .signal("cell", .drain), .finish(drained: true)]
        #expect(effects.map(\.name) == [.daemonStart, .daemonSignal, .finish])
    }
}

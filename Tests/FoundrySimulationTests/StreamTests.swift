import Testing

@testable import FoundrySimulation

struct StreamTests {
    /// Two nodes of a network and what its queue would do.
    private struct World {
        var network: SimulatedNetwork<Int>
        var queue = EventQueue<Event>()
        var received: [Int] = []
        var told: [NodeNumber] = []

        enum Event {
            case arrival(SimulatedNetwork<Int>.Handle)
            case notice(SimulatedNetwork<Int>.Notice)
            case link(LinkChange)
        }

        init(_ faults: NetworkFaults = .none, seed: UInt64 = 1) {
            network = SimulatedNetwork(nodes: 3, random: SimulationRandom(seed: seed), counters: FaultCounters())
            network.faults = faults
        }

        mutating func send(_ number: Int, on stream: SimulatedNetwork<Int>.StreamHandle, from node: NodeNumber) {
            for arrival in network.send(number, on: stream, from: node, at: queue.now) {
                queue.push(.arrival(arrival.message), at: arrival.time)
            }
            drain()
        }

        mutating func drain() {
            var notices: [SimulatedNetwork<Int>.Notice] = []
            network.drainNotices { notices.append($0) }
            for notice in notices { queue.push(.notice(notice), at: notice.time) }
        }

        mutating func cut(from: NodeNumber, to: NodeNumber, at time: SimulationTime, until end: SimulationTime? = nil) {
            queue.push(.link(LinkChange(time: time, from: from, to: to, isCut: true)), at: time)
            if let end { queue.push(.link(LinkChange(time: end, from: from, to: to, isCut: false)), at: end) }
        }

        mutating func run(until limit: SimulationTime = .zero + .seconds(100)) {
            drain()
            while let event = queue.pop(until: limit) {
                switch event {
                case .arrival(let handle):
                    if let message = network.take(handle, at: queue.now) { received.append(message.payload) }
                case .notice(let notice): if network.accept(notice) { told.append(notice.node) }
                case .link(let change): network.apply(change)
                }
                drain()
            }
        }
    }

    @Test func whatIsSentOnAStreamArrivesOnceAndInOrderUnderAllFaultsThatDoNotBreakIt() {
        var faults = NetworkFaults.usual
        faults.loss = 0.1
        faults.delay = 0.2
        faults.duplication = 0.2
        faults.reordering = 0.2
        faults.streamBreak = .never
        var world = World(faults)
        let stream = world.network.openStream(from: 0, to: 1)
        for number in 0..<300 { world.send(number, on: stream, from: 0) }
        world.run()
        #expect(world.received == Array(0..<300))
        #expect(world.told.isEmpty)
    }

    @Test(arguments: 0..<50) func aStreamThatBreaksDeliveredABeginningWithoutAHole(seed: UInt64) {
        var faults = NetworkFaults.usual
        faults.streamBreak = 0.005
        var world = World(faults, seed: seed)
        let stream = world.network.openStream(from: 0, to: 1)
        world.cut(from: 0, to: 1, at: .zero + .milliseconds(50), until: .zero + .milliseconds(60))
        for number in 0..<200 {
            world.send(number, on: stream, from: 0)
            world.run(until: world.queue.now + .microseconds(400))
        }
        world.run()
        #expect(world.received == Array(0..<world.received.count))
        if world.received.count < 200 { #expect(world.told.contains(0)) }
    }

    @Test func bothSidesLearnOfABreakUnlessItIsSilent() {
        var world = World()
        world.network.faults.silentBreak = .never
        let loud = world.network.openStream(from: 0, to: 1)
        world.network.breakStream(loud, at: .zero)
        world.run()
        #expect(Set(world.told) == [0, 1])
        world.told = []
        world.network.faults.silentBreak = .always
        let silent = world.network.openStream(from: 0, to: 1)
        world.network.breakStream(silent, at: world.queue.now)
        world.run(until: world.queue.now + .seconds(5))
        #expect(world.told.count == 1)
        let other = 1 - world.told[0]
        #expect(world.network.isOpen(silent, at: other))
        world.send(1, on: silent, from: other)
        world.run(until: world.queue.now + .seconds(50))
        #expect(world.received.isEmpty)
        #expect(Set(world.told) == [0, 1])
        #expect(world.network.counters[.streamBrokenSilently] == 1)
        #expect(world.network.counters[.streamBroken] == 1)
    }

    @Test func inAPartitionOnlyTheSenderLearnsByItsOwnTimeout() {
        var world = World()
        let stream = world.network.openStream(from: 0, to: 1)
        world.cut(from: 0, to: 1, at: .zero)
        world.run(until: .zero + .milliseconds(1))
        world.send(1, on: stream, from: 0)
        world.run(until: .zero + .seconds(2))
        #expect(world.told.isEmpty)
        world.run()
        #expect(world.told == [0])
        #expect(world.received.isEmpty)
        #expect(world.network.isOpen(stream, at: 1))
    }

    @Test func aKilledProcessClosesItsStreamsAndAMachineWithoutPowerDoesNot() {
        var world = World()
        let killed = world.network.openStream(from: 0, to: 1)
        let dark = world.network.openStream(from: 2, to: 1)
        world.network.endStreams(of: 0, isSilent: false, at: .zero)
        world.network.endStreams(of: 2, isSilent: true, at: .zero)
        world.run()
        #expect(world.told == [1])
        #expect(!world.network.isOpen(killed, at: 1))
        #expect(world.network.isOpen(dark, at: 1))
        #expect(!world.network.isOpen(dark, at: 2))
    }

    @Test func aStreamThatIsClosedInOrderDeliversWhatWasSentBefore() {
        var world = World()
        let stream = world.network.openStream(from: 0, to: 1)
        for number in 0..<10 { world.send(number, on: stream, from: 0) }
        world.network.close(stream, by: 0, at: world.queue.now)
        world.run()
        #expect(world.received == Array(0..<10))
        #expect(world.told == [1])
        world.send(11, on: stream, from: 0)
        world.run()
        #expect(world.received.count == 10)
    }
}

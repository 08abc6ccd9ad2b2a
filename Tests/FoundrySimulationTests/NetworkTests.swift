import Testing

@testable import FoundrySimulation

struct NetworkTests {
    private static func network(_ faults: NetworkFaults = .none, seed: UInt64 = 1) -> SimulatedNetwork<Int> {
        var network = SimulatedNetwork<Int>(
            nodes: 5, random: SimulationRandom(seed: seed), counters: FaultCounters())
        network.faults = faults
        return network
    }

    private static func times(_ network: inout SimulatedNetwork<Int>, _ count: Int) -> [[Int64]] {
        (0..<count).map { number in
            network.send(number, from: 0, to: 1, at: .zero).map(\.time.microseconds)
        }
    }

    @Test func withoutFaultsEveryMessageArrivesOnceMostlyWithinHalfAMillisecond() {
        var network = Self.network()
        let times = Self.times(&network, 10_000)
        #expect(times.allSatisfy { $0.count == 1 && $0[0] >= 100 && $0[0] <= 45_000 })
        #expect(times.count { $0[0] <= 500 } > 7_000)
        #expect(times.count { $0[0] >= 2_000 } > 5)
    }

    @Test func aMessageThatArrivesIsTakenWithWhatItCarries() {
        var network = Self.network()
        let arrivals = Array(network.send(42, from: 2, to: 3, at: .zero))
        let message = network.take(arrivals[0].message, at: arrivals[0].time)
        #expect(message?.payload == 42)
        #expect(message?.from == 2)
        #expect(message?.to == 3)
        #expect(network.take(arrivals[0].message, at: arrivals[0].time) == nil)
        #expect(network.underWay == 0)
    }

    @Test func eachFaultStrikesAtItsRateAndCountsItself() {
        var faults = NetworkFaults.none
        faults.loss = 0.1
        faults.duplication = 0.1
        faults.veryLate = 0.1
        faults.delay = 0.1
        faults.reordering = 0.1
        var network = Self.network(faults)
        let times = Self.times(&network, 10_000)
        #expect((850...1_150).contains(times.count { $0.isEmpty }))
        #expect((750...1_050).contains(times.count { $0.count == 2 }))
        #expect((750...1_050).contains(times.count { ($0.first ?? 0) > 5_000_000 }))
        for kind in [
            FaultKind.messageLost, .messageDuplicated, .messageVeryLate, .messageDelayed, .messageReordered,
        ] { #expect((750...1_150).contains(network.counters[kind])) }
    }

    @Test func anotherFaultLeavesTheDrawsOfTheRestAsTheyWere() {
        var faults = NetworkFaults.none
        faults.loss = 0.2
        var one = Self.network(faults)
        faults.duplication = 0.5
        var other = Self.network(faults)
        let first = Self.times(&one, 500)
        let second = Self.times(&other, 500)
        #expect(first.map(\.first) == second.map(\.first))
    }

    @Test func aDuplicateIsTakenTwice() {
        var faults = NetworkFaults.none
        faults.duplication = .always
        var network = Self.network(faults)
        let arrivals = Array(network.send(7, from: 0, to: 1, at: .zero))
        #expect(arrivals.count == 2)
        let taken = arrivals.map { network.take($0.message, at: $0.time)?.payload }
        #expect(taken == [7, 7])
        #expect(network.underWay == 0)
    }

    @Test func whatIsUnderWayWhenItsLinkIsCutDoesNotArrive() {
        var network = Self.network()
        let arrival = Array(network.send(1, from: 0, to: 1, at: .zero))[0]
        network.apply(LinkChange(time: .zero, from: 0, to: 1, isCut: true))
        #expect(network.take(arrival.message, at: arrival.time) == nil)
        #expect(network.send(2, from: 0, to: 1, at: .zero).isEmpty)
        #expect(!network.send(3, from: 1, to: 0, at: .zero).isEmpty)
        #expect(network.counters[.messageCut] == 2)
    }

    @Test func nothingHappensToMessagesWithinAMachine() {
        var faults = NetworkFaults.none
        faults.loss = .always
        var network = Self.network(faults)
        network.apply(LinkChange(time: .zero, from: 1, to: 1, isCut: true))
        let arrivals = Array(network.send(1, from: 1, to: 1, at: .zero))
        #expect(arrivals.count == 1)
        #expect(network.take(arrivals[0].message, at: arrivals[0].time) != nil)
    }

    @Test func moreBytesTakeLonger() {
        var network = Self.network()
        let bulk = Array(network.send(1, from: 0, to: 1, size: .bulk, at: .zero))[0]
        #expect(bulk.time > SimulationTime.zero + .milliseconds(135))
        #expect(MessageSize.allCases.map(\.transmission) == MessageSize.allCases.map(\.transmission).sorted())
    }

    @Test func theFirstOfAnswerAndTimeoutTakesACall() {
        var calls = PendingCalls<String, Int>()
        let call = calls.begin("renew")
        calls.keep(9, for: call)
        let taken = calls.finish(call)
        #expect(taken?.context == "renew")
        #expect(taken?.timer == 9)
        #expect(calls.finish(call) == nil)
        let other = calls.begin("report")
        calls.removeAll()
        #expect(calls.finish(other) == nil)
        #expect(calls.count == 0)
    }
}

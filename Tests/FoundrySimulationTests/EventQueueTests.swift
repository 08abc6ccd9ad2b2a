import FoundryTestSupport
import Testing

@testable import FoundrySimulation

struct EventQueueTests {
    @Test func eventsComeByTimeAndThoseOfOneTimeInTheOrderOfTheirPushes() {
        var queue = EventQueue<Int>()
        var random = Seeded(1)
        var expected: [(time: Int64, number: Int)] = []
        for number in 0..<5_000 {
            let time = Int64.random(in: 0..<200, using: &random)
            queue.push(number, at: SimulationTime(microseconds: time))
            expected.append((time, number))
        }
        expected.sort { ($0.time, $0.number) < ($1.time, $1.number) }
        var popped: [Int] = []
        while let event = queue.pop() {
            #expect(queue.now.microseconds == expected[popped.count].time)
            popped.append(event)
        }
        #expect(popped == expected.map(\.number))
        #expect(queue.isEmpty)
    }

    @Test(arguments: 0..<20) func aQueueUnderPushesPopsAndCancelsBehavesAsASortedList(seed: UInt64) {
        var random = Seeded(seed)
        var queue = EventQueue<Int>()
        var model: [(time: Int64, number: Int, handle: EventQueue<Int>.Handle)] = []
        var gone: [EventQueue<Int>.Handle] = []
        for number in 0..<4_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let time = queue.now.microseconds + Int64.random(in: 0..<1_000, using: &random)
                let handle = queue.push(number, at: SimulationTime(microseconds: time))
                model.append((time, number, handle))
                model.sort { ($0.time, $0.number) < ($1.time, $1.number) }
            case 5..<8 where !model.isEmpty:
                let chosen = model.remove(at: Int.random(in: 0..<model.count, using: &random))
                #expect(queue.isPending(chosen.handle))
                let cancelled = queue.cancel(chosen.handle)
                #expect(cancelled)
                gone.append(chosen.handle)
            default:
                let event = queue.pop()
                #expect(event == model.first?.number)
                if event != nil { gone.append(model.removeFirst().handle) }
            }
            #expect(queue.count == model.count)
        }
        let wasPending = gone.contains { queue.cancel($0) }
        #expect(!wasPending)
    }

    @Test func aHandleOfAnEventThatCameCancelsNoLaterOneInItsPlace() {
        var queue = EventQueue<String>()
        let first = queue.push("first", after: .milliseconds(1))
        #expect(queue.pop() == "first")
        let second = queue.push("second", after: .milliseconds(1))
        let cancelled = queue.cancel(first)
        #expect(!cancelled)
        #expect(queue.isPending(second))
        #expect(queue.pop() == "second")
        let cancelledNone = queue.cancel(.none)
        #expect(!cancelledNone)
    }

    @Test func aTimeThatHasPassedMeansNow() {
        var queue = EventQueue<Int>()
        queue.push(1, at: SimulationTime(microseconds: 50))
        _ = queue.pop()
        queue.push(2, at: SimulationTime(microseconds: 10))
        _ = queue.pop()
        #expect(queue.now.microseconds == 50)
    }

    @Test func timeGoesOnToTheLimitWhereNothingHappensBeforeIt() {
        var queue = EventQueue<Int>()
        queue.push(1, at: SimulationTime(microseconds: 50))
        let late = queue.push(2, at: SimulationTime(microseconds: 500))
        #expect(queue.pop(until: SimulationTime(microseconds: 100)) == 1)
        #expect(queue.pop(until: SimulationTime(microseconds: 100)) == nil)
        #expect(queue.now.microseconds == 100)
        queue.cancel(late)
        let next = queue.nextTime
        #expect(next == nil)
        #expect(queue.pop(until: SimulationTime(microseconds: 600)) == nil)
    }

    @Test func theCancelledAreThrownAwayBeforeTheirTimeWhenTheyAreMany() {
        var queue = EventQueue<Int>()
        let kept = (0..<10).map { queue.push($0, after: .seconds(Int64($0) + 1)) }
        for round in 0..<1_000 {
            let handles = (0..<100).map { queue.push(-$0, after: .seconds(1_000 + Int64(round))) }
            for handle in handles { queue.cancel(handle) }
        }
        #expect(queue.count == 10)
        #expect(queue.heapCount < 200)
        #expect(kept.allSatisfy { queue.isPending($0) })
        var popped: [Int] = []
        while let event = queue.pop() { popped.append(event) }
        #expect(popped == Array(0..<10))
    }
}

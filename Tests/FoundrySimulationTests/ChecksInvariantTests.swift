import FoundryModel
import Testing

@testable import FoundrySimulation

struct ChecksInvariantTests {
    @Test("every promise is bound to an invariant, and says where the design makes it", arguments: Promise.allCases)
    func promises(promise: Promise) {
        #expect(!promise.invariants.isEmpty)
        #expect(!promise.source.isEmpty)
    }

    @Test("every invariant says in one sentence what must hold", arguments: Invariant.allCases)
    func sentences(invariant: Invariant) {
        #expect(invariant.sentence.hasSuffix("."))
        #expect(!invariant.rawValue.contains("_"))
    }

    @Test("a violation says when, which and what")
    func violation() {
        let violation = Violation(.oneWriter, at: .zero + .milliseconds(12_310), "two of them")
        #expect(violation.description == "12.310000 s  one-writer: two of them")
    }
}

struct ChecksAcknowledgedTests {
    private func data(_ numbers: [Range<Int64>]) -> VolumeData {
        var data = VolumeData()
        for range in numbers {
            data.append(DataRun(epoch: Epoch(1), branch: 0, first: range.lowerBound, count: Int64(range.count)))
        }
        return data
    }

    private func check(_ policy: RestartPolicy, deferred: SimulationDuration? = nil) -> AcknowledgedCheck {
        var check = AcknowledgedCheck()
        check.add(app: 0, policy: policy, deferred: deferred)
        for number in 1...10 as ClosedRange<Int64> {
            check.acknowledge(
                app: 0, number: number, lineage: 0, sent: .zero + .seconds(number), at: .zero + .seconds(number))
        }
        return check
    }

    @Test("a consistent holder that starts without one acknowledged write is found")
    func consistent() {
        var one = check(.consistent)
        #expect(one.start(app: 0, lineage: 0, branch: 0, data: data([1..<11]), at: .zero) == nil)
        let found = one.start(app: 0, lineage: 0, branch: 0, data: data([1..<7, 8..<11]), at: .zero)
        #expect(found?.invariant == .acknowledgedKept)
        #expect(found?.detail.contains("7") == true)
    }

    @Test("writes that were never acknowledged may be there or not")
    func unacknowledged() {
        var one = check(.consistent)
        #expect(one.start(app: 0, lineage: 0, branch: 0, data: data([1..<15]), at: .zero) == nil)
        #expect(one.end(app: 0, data: data([1..<11]), forks: [], at: .zero) == nil)
    }

    @Test("a new branch of an available app may lack writes, if a fork keeps them")
    func fork() {
        var one = check(.available)
        #expect(one.start(app: 0, lineage: 0, branch: 1, data: data([1..<8]), at: .zero) == nil)
        #expect(one.end(app: 0, data: data([1..<8]), forks: [data([1..<11])], at: .zero) == nil)
        #expect(one.end(app: 0, data: data([1..<8]), forks: [data([1..<9])], at: .zero)?.invariant == .forkKept)
        #expect(
            one.end(app: 0, data: data([1..<7]), forks: [data([1..<11])], at: .zero)?.invariant == .lossWithinContract)
    }

    @Test("the same branch of an available app may lack nothing")
    func sameBranch() {
        var one = check(.available)
        #expect(one.start(app: 0, lineage: 0, branch: 0, data: data([1..<11]), at: .zero) == nil)
        #expect(
            one.start(app: 0, lineage: 0, branch: 0, data: data([1..<8]), at: .zero)?.invariant == .lossWithinContract)
    }

    @Test(
        "what people purged is missed by nobody when a restored store brings the app back; what was kept is",
        arguments: [true, false])
    func purged(_ isPurged: Bool) {
        var one = check(.available)
        #expect(one.start(app: 0, lineage: 0, branch: 0, data: data([1..<11]), at: .zero) == nil)
        one.delete(app: 0, purge: isPurged)
        let start = one.start(app: 0, lineage: 0, branch: 0, data: data([1..<8]), at: .zero)
        #expect(start?.invariant == (isPurged ? nil : .lossWithinContract))
        let end = one.end(app: 0, data: data([1..<8]), forks: [], at: .zero)
        #expect(end?.invariant == (isPurged ? nil : .lossWithinContract))
        #expect(
            one.start(app: 0, lineage: 0, branch: 0, data: data([1..<7]), at: .zero)?.invariant == .lossWithinContract)
    }

    @Test("under defer what two flushes had not brought to the disk may be missing, and no more")
    func deferred() {
        // A write a second; 4.5 seconds of answers may be under way.
        var one = check(.consistent, deferred: .milliseconds(500))
        one.losePower(app: 0, lineage: 0, at: .zero + .milliseconds(10_500))
        #expect(one.start(app: 0, lineage: 0, branch: 0, data: data([1..<6]), at: .zero) == nil)
        #expect(
            one.start(app: 0, lineage: 0, branch: 0, data: data([1..<5]), at: .zero)?.invariant == .acknowledgedKept)
    }

    @Test("under defer a time in which nothing was acknowledged counts as one flush at most")
    func deferredAndHeld() {
        var one = AcknowledgedCheck()
        one.add(app: 0, policy: .consistent, deferred: .milliseconds(500))
        for (number, second) in [(1, 0), (2, 2), (3, 60), (4, 61)] as [(Int64, Int64)] {
            let time = SimulationTime.zero + .seconds(second)
            one.acknowledge(app: 0, number: number, lineage: 0, sent: time, at: time)
        }
        one.losePower(app: 0, lineage: 0, at: .zero + .seconds(62))
        #expect(one.start(app: 0, lineage: 0, branch: 0, data: data([1..<2]), at: .zero) == nil)
        #expect(one.start(app: 0, lineage: 0, branch: 0, data: data([]), at: .zero)?.invariant == .acknowledgedKept)
    }

    @Test("acknowledgements out of order and twice count once each")
    func order() {
        var one = AcknowledgedCheck()
        one.add(app: 0, policy: .consistent, deferred: nil)
        for number in [1, 2, 5, 3, 5, 4, 9, 9] as [Int64] {
            one.acknowledge(app: 0, number: number, lineage: 0, sent: .zero, at: .zero)
        }
        #expect(one.count == 6)
    }
}

import Foundation
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("The certification drill")
struct DrillTests {
    @Test("an acknowledged record that is not read back is a failure, one that was not acknowledged is none")
    func lost() throws {
        var records = DrillRecords()
        #expect(records.take(3) == [1, 2, 3])
        try records.acknowledge([1, 2])
        #expect(throws: Never.self) { try records.check([1, 2]) }
        #expect(throws: Never.self) { try records.check([1, 2, 3]) }
        let error = #expect(throws: DrillFailure.self) { try records.check([2, 3]) }
        #expect(error?.description == "1 of 2 acknowledged records are lost: 1")
        #expect(records.take(1) == [4])
    }

    @Test("of what a server said its last line is told, also where lines end as on the wire")
    func lastLine() {
        #expect(DrillInstance.last("INFO {}\r\n-ERR 'Authorization Violation'\r\n") == "-ERR 'Authorization Violation'")
        #expect(DrillInstance.last("one\ntwo\n") == "two")
        #expect(DrillInstance.last("") == "it said nothing")
    }

    @Test("what nobody wrote must neither be acknowledged nor be there")
    func strange() throws {
        var records = DrillRecords()
        let numbers = records.take(2)
        #expect(throws: DrillFailure.self) { try records.acknowledge([3]) }
        try records.acknowledge(numbers)
        #expect(throws: DrillFailure.self) { try records.check([1, 2, 3]) }
    }

    @Test("after a rewind the later records must be gone, and their numbers are not used again")
    func rewound() throws {
        var records = DrillRecords()
        try records.acknowledge(records.take(2))
        let kept = records
        try records.acknowledge(records.take(2))
        records.rewind(to: kept)
        #expect(throws: Never.self) { try records.check([1, 2]) }
        #expect(throws: DrillFailure.self) { try records.check([1, 2, 3]) }
        #expect(records.take(1) == [5])
    }

    @Test("the report is a table with a verdict, and passes only when something passed and nothing failed")
    func report() {
        var report = DrillReport(
            release: "redis", version: "7.0.0", isShort: true, startedAt: "x", milliseconds: 12_340,
            steps: [
                .init(plan: "small", name: "provision", verdict: .passed, milliseconds: 1_250, says: "1 member"),
                .init(plan: "small", name: "rotate a key", verdict: .without, milliseconds: 3, says: "no users"),
            ])
        #expect(report.isPassed)
        #expect(
            report.lines(on: .plain) == [
                "PLAN   STEP          SECONDS  VERDICT  SAYS",
                "small  provision         1.2  passed   1 member",
                "small  rotate a key        -  without  no users",
                "", "redis 7.0.0, short: passed, in 12.3 s",
            ])
        report.steps.append(
            .init(plan: "small", name: "unbind", verdict: .failed, milliseconds: 1, says: "it is still let in"))
        report.steps.append(.init(plan: "small", name: "deprovision", verdict: .skipped, milliseconds: 0, says: ""))
        #expect(!report.isPassed)
        #expect(report.lines(on: .plain).last == "redis 7.0.0, short: 1 of 4 steps failed, in 12.3 s")
        report.steps = []
        #expect(!report.isPassed)
    }

    @Test("a short drill leaves out what takes long, and never what proves that nothing stays")
    func short() {
        let left = DrillStep.allCases.filter { !$0.isLong }
        #expect(left == [.provision, .bind, .write, .kill, .restart, .rotate, .unbind, .deprovision])
    }

    @Test("a release's directory is absolute, wherever the command was called: containers are given paths in it")
    func directory() {
        let request = ReleaseDrill.Request(directory: "a-release", plans: [], isShort: true, keeps: false)
        #expect(request.directory == FileManager.default.currentDirectoryPath + "/a-release")
    }

    @Test("the routes are those that HAProxy tells, and what it says instead is a failure")
    func routes() throws {
        let answer = "0x5581 20200 loopback-20200\n0x5582 20207 loopback-20207\n\n"
        #expect(try DrillRoutes.ports(in: answer) == [20200, 20207])
        #expect(try DrillRoutes.ports(in: "\n") == [])
        let error = #expect(throws: DrillFailure.self) { try DrillRoutes.ports(in: "Unknown map identifier.\n") }
        #expect(error?.description == "HAProxy does not tell its routes: Unknown map identifier.")
    }

    @Test("while the engine is killed a slow client writes for ten seconds, not for minutes")
    func slow() {
        #expect(DrillSteps.whileKilled(20) == 5_000)
        #expect(DrillSteps.whileKilled(20_000) == 100)
        #expect(DrillSteps.whileKilled(90_000) == 50)
    }

    @Test("what was in memory alone may be gone when its process has ended; what is written after it may not")
    func memory() throws {
        var records = DrillRecords()
        try records.acknowledge(records.take(2))
        records.end()
        #expect(throws: Never.self) { try records.check([]) }
        try records.acknowledge(records.take(1))
        #expect(throws: DrillFailure.self) { try records.check([1, 2]) }
        #expect(throws: Never.self) { try records.check([3]) }
    }
}

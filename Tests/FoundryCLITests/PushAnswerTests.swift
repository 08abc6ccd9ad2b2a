import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("How a push ends")
struct PushAnswerTests {
    private func lines(_ app: AppSummary, isAwaited: Bool = true, action: String = "create") throws -> [String] {
        let plan = PlanAnswer(applications: [Sample.planned(action: action)])
        return PushAnswer(isAwaited: isAwaited, job: JobReference(guid: "j1"), plan: plan, apps: [app]).lines(
            on: .plain)
    }

    @Test("the last line says how it is and where")
    func last() throws {
        #expect(try lines(Sample.app()) == ["demo is healthy: 127.0.0.1:20000"])
        #expect(
            try lines(Sample.app(state: "starting"), isAwaited: false) == [
                "demo is being started, and will be reached at 127.0.0.1:20000"
            ])
        #expect(try lines(Sample.app(), action: "none") == ["demo is so already: 127.0.0.1:20000"])
        #expect(
            try lines(Sample.app(state: "stopped", desired: "stopped")) == [
                "demo is made, and not started: foundry start demo"
            ])
    }

    @Test("the plan tells the alias, the sizes and each sentence of the contract, before anything is made")
    func plan() {
        #expect(
            PlanView(PlanAnswer(applications: [Sample.planned()])).lines(on: .plain) == [
                "demo will be made from redis/redis -> redis:7 (bundled, Redis 7.0.15)",
                "  memory 256 MiB, cpu 1 core, disk 100 MiB at /data, route 127.0.0.1:20000 -> 6379", "",
                "  - If its process ends, it is started again.", "",
            ])
        #expect(PlanView(PlanAnswer(applications: [Sample.planned(action: "none")])).lines(on: .plain) == [])
    }

    @Test("the plan of a change tells what becomes another, what that takes, and what it may cost; then how it ended")
    func change() throws {
        var planned = Sample.planned(action: "update")
        planned.changes = [
            PlannedChange(what: "memory", before: "64 MiB", after: "1 GiB", restarts: false),
            PlannedChange(what: "env MODE", before: nil, after: "set", restarts: true),
        ]
        #expect(
            PlanView(PlanAnswer(applications: [planned])).lines(on: .plain) == [
                "demo will be changed; nothing is restarted:", "  memory    64 MiB -> 1 GiB",
                "  env MODE  none -> set", "",
            ])
        (planned.restarts, planned.dangers, planned.newSentences) = (true, ["It may be lost."], planned.contract)
        let lines = PlanView(PlanAnswer(applications: [planned])).lines(on: .plain)
        #expect(lines[0].hasSuffix("it is restarted for that, and goes back if it does not become healthy:"))
        #expect(
            lines.suffix(6) == [
                "From then on:", "  - If its process ends, it is started again.", "", "Mind that:",
                "  - It may be lost.", "",
            ])
        #expect(try self.lines(Sample.app(), action: "update") == ["demo is changed, and healthy: 127.0.0.1:20000"])
        #expect(
            try self.lines(Sample.app(), isAwaited: false, action: "update")
                == ["demo is being changed: foundry why demo"])
        #expect(
            try self.lines(Sample.app(state: "stopped", desired: "stopped"), action: "update") == [
                "demo is changed, and not started: foundry start demo"
            ])
    }

    @Test("a failed push ends with a hint, and one that is only late has a code of its own")
    func failed() {
        let late = FailedStart.late(["demo"], .seconds(5))
        #expect(late.code == .appStartTimeout)
        #expect(late.message == "demo is not healthy after 5s; it goes on starting.")
    }
}

import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What scaling an app does, and when it is done")
struct ScaleRuleTests {
    private static func pushed(disk: String? = "1G") throws -> ControllerBench {
        var bench = ControllerBench()
        let image = Samples.image(volumes: disk == nil ? [] : ["/data"])
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: disk, memory: "256M"), image: image)
        return bench
    }

    private static func scale(
        _ bench: inout ControllerBench, memory: String? = nil, cpu: String? = nil, disk: String? = nil,
        restarts: Bool = false, used: ByteCount? = nil
    ) throws -> [ControllerEffect] {
        let (view, request) = (bench.view, try ScaleRequest(memory: memory, cpu: cpu, disk: disk, restarts: restarts))
        return try bench.verb("demo") { app, now, random throws(FoundryError) in
            try AppVerbs.scale(app, request, used: used, view: view, now: now, using: &random)
        }
    }

    private static func refusal(_ work: () throws -> Void) -> FoundryError? {
        do { try work() } catch { return error as? FoundryError }
        return nil
    }

    private static func app(_ bench: ControllerBench) throws -> AppRecord {
        try #require(bench.view.app(named: AppName("demo")!)?.value)
    }

    private static func job(_ bench: ControllerBench) -> JobState? {
        bench.view.jobs.values.filter { $0.value.operation == .scale }.max { $0.revision < $1.revision }?.value.state
    }

    private static func status(
        _ bench: ControllerBench, _ memory: ByteCount?, _ phase: MemberPhase = .healthy
    ) throws
        -> MemberStatus
    {
        var status = try bench.status("demo", phase)
        status.limits = try memory.map { ContainerLimits(memory: $0, cpu: try app(bench).spec.cpu) }
        return status
    }

    @Test("Sizes go to the app and to its volume, without a restart; the same again changes nothing")
    func sizes() throws {
        var bench = try Self.pushed()
        _ = try Self.scale(&bench, memory: "1G", cpu: "0.5", disk: "2G")
        let app = try Self.app(bench)
        #expect(app.spec.memory == .gigabytes(1) && app.spec.cpu == Millicores(500) && app.generation == 1)
        #expect(app.spec.disk?.size == .gigabytes(2))
        #expect(try bench.volume("demo").size == .gigabytes(2))
        let told = bench.view.events.first { $0.kind == .appScaled }
        #expect(told?.message == "shall have 1 GiB of memory, 500m cores, 2 GiB of disk")
        let before = bench.revision
        _ = try Self.scale(&bench, memory: "1G", disk: "2G")
        #expect(try Self.app(bench) == app && bench.revision == before + 1, "only a job")
    }

    @Test("What cannot be is refused, and changes nothing")
    func refusals() throws {
        var bench = try Self.pushed()
        let before = bench.revision
        var code: (String?, String?, String?, ByteCount?) -> ErrorCode? = { memory, cpu, disk, used in
            Self.refusal { _ = try Self.scale(&bench, memory: memory, cpu: cpu, disk: disk, used: used) }?.code
        }
        #expect(code(nil, nil, nil, nil) == .sizeInvalid)
        #expect(code("1M", nil, nil, nil) == .sizeInvalid)
        #expect(code(nil, "none", nil, nil) == .sizeInvalid)
        #expect(code(nil, nil, "much", nil) == .sizeInvalid)
        #expect(code(nil, nil, "512M", nil) == .conflict)
        #expect(code("128M", nil, nil, .megabytes(129)) == .conflict)
        #expect(code("100G", nil, nil, nil) == .capacityShort)
        #expect(code(nil, nil, "200G", nil) == .poolFull)
        code = { _, _, _, _ in nil }
        #expect(bench.revision == before)
        _ = try Self.scale(&bench, memory: "128M", used: .megabytes(127))
        var diskless = try Self.pushed(disk: nil)
        #expect(Self.refusal { _ = try Self.scale(&diskless, disk: "2G") }?.code == .conflict)
        _ = try diskless.delete("demo")
        #expect(Self.refusal { _ = try Self.scale(&diskless, memory: "1G") }?.code == .appBusy)
    }

    @Test("While a change goes through its members it has to wait")
    func changing() throws {
        var bench = try Self.pushed()
        let record = try #require(bench.view.app(named: AppName("demo")!))
        var app = record.value
        app.rollout = Rollout(previous: app.spec, previousGeneration: 1)
        _ = bench.write([.put(.app(app), expects: .revision(record.revision))])
        #expect(Self.refusal { _ = try Self.scale(&bench, memory: "1G") }?.code == .appBusy)
    }

    @Test("A cell that nobody knows any more has no room to count")
    func unknownCell() throws {
        var bench = try Self.pushed()
        let record = try #require(bench.view.app(named: AppName("demo")!))
        var view = bench.view
        view.remove(key: Record.cell(try #require(view.cells[Samples.cell]?.value)).key, revision: 99)
        let request = try ScaleRequest(memory: "100G", cpu: nil, disk: nil, restarts: false)
        let plan = try AppVerbs.scale(record, request, used: nil, view: view, now: bench.wall, using: &bench.random)
        #expect(plan.app.spec.memory == .gigabytes(100))
    }

    @Test("Where a disk grows only at rest, a restart is asked for, and done")
    func atRest() throws {
        var bench = try Self.pushed()
        var report = bench.report([])
        report.growsAtRest = true
        _ = bench.tell(.cellReport(report))
        #expect(bench.view.cells[Samples.cell]?.value.growsAtRest == true)
        let refused = Self.refusal { _ = try Self.scale(&bench, disk: "2G") }
        #expect(refused?.code == .conflict && refused?.hint == "the same with --restart")
        _ = try Self.scale(&bench, memory: "300M")
        #expect(try Self.app(bench).generation == 1, "memory needs none")
        _ = try Self.scale(&bench, disk: "2G", restarts: true)
        #expect(try Self.app(bench).generation == 2)
        _ = bench.cell([try Self.status(bench, nil, .starting)])
        #expect(Self.job(bench) == .processing)
        _ = bench.cell([try Self.status(bench, .megabytes(300))])
        #expect(Self.job(bench) == .complete)
        _ = try bench.stop("demo")
        _ = try Self.scale(&bench, disk: "3G")
        #expect(try Self.app(bench).generation == 2, "nothing runs")
    }

    @Test("A member that stayed behind when a change went back is restarted for its disk, too")
    func atRestBehind() throws {
        var bench = try Self.pushed()
        var report = bench.report([])
        report.growsAtRest = true
        _ = bench.tell(.cellReport(report))
        let member = try #require(bench.view.memberRecords(of: try Self.app(bench).id).first)
        var behind = member.value
        behind.pinned = 1
        _ = bench.write([.put(.member(behind), expects: .revision(member.revision))])
        _ = try Self.scale(&bench, memory: "300M")
        #expect(bench.view.members[behind.id]?.value.pinned == 1, "nothing is restarted for memory")
        _ = try Self.scale(&bench, disk: "2G", restarts: true)
        #expect(bench.view.members[behind.id]?.value.pinned == nil)
        #expect(try Self.app(bench).generation == 2)
    }

    @Test("It is done when what runs has its limits and what is mounted its size")
    func done() throws {
        var bench = try Self.pushed()
        _ = bench.cell(
            [try Self.status(bench, .megabytes(256))], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        let small = try bench.lying("demo", epoch: 1, mounted: true)
        _ = try Self.scale(&bench, memory: "1G", disk: "2G")
        _ = bench.cell([try Self.status(bench, .megabytes(256))], volumes: [small])
        #expect(Self.job(bench) == .processing)
        _ = bench.cell([try Self.status(bench, .gigabytes(1))], volumes: [small])
        #expect(Self.job(bench) == .processing)
        _ = bench.cell(
            [try Self.status(bench, .gigabytes(1))], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        #expect(Self.job(bench) == .complete)
    }

    @Test("What fails for half a minute fails it; so does the app's end")
    func failed() throws {
        var bench = try Self.pushed()
        _ = try Self.scale(&bench, memory: "1G")
        var status = try Self.status(bench, .megabytes(256))
        status.problem = FoundryError(.commandFailed, "runc failed.")
        bench.now = 29_999
        _ = bench.cell([status])
        #expect(Self.job(bench) == .processing)
        bench.now = 30_000
        _ = bench.tell(.tick)
        guard case .failed(let error)? = Self.job(bench) else { return #expect(Bool(false), "it failed") }
        #expect(error.code == .commandFailed)

        var gone = try Self.pushed()
        _ = try Self.scale(&gone, memory: "1G")
        _ = gone.cell([try Self.status(gone, .megabytes(256))])
        _ = try gone.delete("demo", purge: true)
        _ = gone.cell([try gone.status("demo", .stopped)])
        #expect(gone.view.apps.isEmpty)
        guard case .failed(let end)? = Self.job(gone) else {
            return #expect(Bool(false), "it ended with its app: \(String(describing: Self.job(gone)))")
        }
        #expect(end.code == .conflict)
    }
}

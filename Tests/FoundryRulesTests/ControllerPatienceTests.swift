import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What the controller leaves alone")
struct ControllerPatienceTests {
    /// An app that serves on a cell that is lost then, while another cell with more room says every second that it is there.
    private static func lose(
        _ policy: RestartPolicy, disk: String?
    ) throws -> (bench: ControllerBench, effects: [ControllerEffect]) {
        var bench = ControllerBench()
        let request = PushRequest(
            name: "demo", image: "redis", disk: disk, policy: PolicyRequest(restartPolicy: policy.rawValue))
        _ = try bench.push(request, image: Samples.image(volumes: disk == nil ? [] : ["/data"]))
        let volumes = disk == nil ? [] : [try bench.lying("demo", epoch: 1, mounted: true)]
        _ = bench.cell([try bench.status("demo", .healthy)], volumes: volumes)
        _ = bench.route()
        var effects: [ControllerEffect] = []
        for second in Int64(1)...3_600 {
            bench.now = second * 1_000
            var report = bench.report([])
            report.cell = CellID("cell-2")!
            report.capacity.memory = .gigabytes(512)
            effects += bench.tell(.cellReport(report))
            if second.isMultiple(of: 600) { effects += bench.restart() }
        }
        return (bench, effects)
    }

    private static func expectWaits(_ policy: RestartPolicy, disk: String?) throws {
        let (bench, effects) = try lose(policy, disk: disk)
        #expect(effects.map(\.name) == [.cellRecord], "only that the other cell is there")
        let member = try #require(bench.view.members.values.first?.value)
        #expect(bench.view.members.count == 1 && member.cell == Samples.cell)
        if disk != nil {
            #expect(try bench.volume("demo").phase == .held(by: member.id))
            #expect(try bench.volume("demo").epoch == Epoch(1))
        }
        #expect(bench.view.cellOrders(for: CellID("cell-2")!, term: Term(1)).members.isEmpty)
    }

    @Test(
        "A lost machine is waited for, with its data and without: there is no second copy", .proves(.machineLostWaits),
        arguments: ["100M", nil])
    func consistent(disk: String?) throws { try Self.expectWaits(.consistent, disk: disk) }

    @Test(
        "An available one without a replica waits alike", .proves(.availableWaitsWithoutReplica),
        arguments: ["100M", nil])
    func available(disk: String?) throws { try Self.expectWaits(.available, disk: disk) }

    @Test("A cell that comes back with nothing makes nothing anew: what was made once is missing then")
    func emptied() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M"))
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        _ = bench.cell([try bench.status("demo", .preparing)])
        guard
            case .serve(_, _, let mayCreate)? = bench.view.cellOrders(for: Samples.cell, term: Term(1)).volumes.first?
                .purpose
        else {
            Issue.record("the volume is not ordered any more")
            return
        }
        #expect(!mayCreate)
    }

    @Test("A started app that has no room is placed as soon as there is some")
    func room() throws {
        var bench = ControllerBench()
        for name in ["one", "two", "three"] {
            _ = try bench.push(PushRequest(name: name, image: "redis", memory: "5G"), image: Samples.image(volumes: []))
        }
        #expect(bench.view.members.count == 3)
        // Made when there was room, as far as its user could see.
        var app = try #require(bench.view.app(named: AppName("one")!)).value
        (app.id, app.name) = (AppID("four")!, AppName("four")!)
        let placed = bench.write([.put(.app(app), expects: .absent)])
        #expect(placed?.isEmpty == true)
        _ = try bench.delete("one")
        let effects = bench.cell(
            [try bench.status("one", .stopped), try bench.status("two", .healthy), try bench.status("three", .healthy)])
        #expect(effects.contains { $0.name == .memberPlace })
        #expect(Set(bench.view.members.values.map(\.value.slot)).count == 3)
    }

    @Test("Members that are placed in one pass share no address")
    func onePass() throws {
        var bench = ControllerBench()
        let template = try PushPlanner.plan(
            PushRequest(name: "demo", image: "redis", disk: "100M"), image: Samples.image(), view: bench.view,
            configuration: bench.configuration, now: bench.wall, using: &bench.random
        ).app
        let writes = (0..<20).map { index -> RecordWrite in
            var app = template
            (app.id, app.name) = (AppID("app-\(index)")!, AppName("app-\(index)")!)
            return .put(.app(app), expects: .absent)
        }
        let effects = bench.write(writes) ?? []
        #expect(effects.filter { $0.name == .memberPlace }.count == 20)
        #expect(Set(bench.view.members.values.map(\.value.slot)).count == 20)
    }
}

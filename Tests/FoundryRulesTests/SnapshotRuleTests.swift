import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Asking for snapshots")
struct SnapshotRuleTests {
    @Test("A snapshot is named after the time when nobody names it, and a second one of that second gets a number")
    func names() throws {
        var bench = try SnapshotBench()
        let first = try bench.take().record.name.description
        let digits = bench.bench.wall.description.filter(\.isNumber)
        #expect(first == "s\(digits.prefix(8))-\(digits.dropFirst(8))")
        #expect(try bench.take().record.name.description == "\(first)-2")
        #expect(try bench.take().record.name.description == "\(first)-3")
        #expect(try bench.take("mine").record.name.description == "mine")
    }

    @Test("Refused: a bad name, one that is taken, an app without data, one that goes, and a platform of many machines")
    func refused() throws {
        var bench = try SnapshotBench()
        try bench.take("mine")
        #expect(bench.refusal("mine") == .nameTaken)
        for name in ["", "No", "-a", "a_b", "a/b", String(repeating: "a", count: 64)] {
            #expect(bench.refusal(name) == .nameInvalid, "\(name)")
        }
        #expect(try SnapshotBench(disk: nil).refusal() == .conflict)
        #expect(try SnapshotBench(isMade: false).refusal() == .conflict)
        bench.bench.configuration.timing = .normal
        #expect(bench.refusal() == .conflict)
        bench.bench.configuration.timing = nil
        _ = try bench.bench.delete("demo")
        #expect(bench.refusal() == .appBusy)
    }

    @Test("There are sixty-four of an app, and five hundred and twelve of all")
    func bounded() throws {
        var bench = try SnapshotBench()
        for number in 0..<SnapshotRule.most {
            #expect(bench.refusal() == nil, "\(number)")
            try bench.take()
        }
        #expect(bench.refusal() == .tooManyRequests)
        var other = try SnapshotBench()
        let first = try other.take().record
        let writes = (1..<SnapshotRule.mostOfAll).map { number in
            var record = first
            record.id = SnapshotID("s\(number)")!
            record.app = AppID("another")!
            record.size = .zero
            return RecordWrite.put(.snapshot(record), expects: .absent)
        }
        _ = other.bench.write(Array(writes.dropLast()))
        #expect(other.refusal() == nil)
        _ = other.bench.write([writes[writes.count - 1]])
        #expect(other.refusal() == .tooManyRequests)
    }

    @Test(
        "Each counts with the whole of its disk: what the pool has no room for is refused, and gone room is room again")
    func room() throws {
        var bench = try SnapshotBench(disk: "30G")
        let first = try bench.take().record
        try bench.take()
        #expect(bench.refusal() == .poolFull, "100 GB have room for the disk and two more")
        #expect(Fleet(bench.bench.view).free(on: Samples.cell)?.disk == .gigabytes(10))
        try bench.report([SnapshotStatus(id: first.id, label: bench.label(first))])
        try bench.remove(first.id)
        #expect(bench.refusal() == .poolFull, "not before it is gone")
        try bench.report([])
        #expect(bench.state(first.id) == nil && bench.refusal() == nil)
    }

    @Test("A cell that is not known has no room")
    func unknownCell() throws {
        var bench = try SnapshotBench()
        var view = bench.bench.view
        view.remove(key: RecordKind.cell.key(Samples.cell.description), revision: view.revision + 1)
        let app = try bench.app()
        #expect(throws: FoundryError.self) {
            try SnapshotRule.take(
                app, name: nil, by: "ci", view: view, configuration: bench.bench.configuration, now: bench.bench.wall,
                using: &bench.bench.random)
        }
    }

    @Test("A scale that would take the room of a snapshot is refused")
    func scale() throws {
        var bench = try SnapshotBench(disk: "40G")
        try bench.take()
        let request = try ScaleRequest(memory: nil, cpu: nil, disk: "70G", restarts: true)
        let app = try bench.app()
        #expect(throws: FoundryError.self) {
            try AppVerbs.scale(
                app, request, used: nil, view: bench.bench.view, now: bench.bench.wall, using: &bench.bench.random)
        }
        let smaller = try ScaleRequest(memory: nil, cpu: nil, disk: "50G", restarts: true)
        _ = try AppVerbs.scale(
            app, smaller, used: nil, view: bench.bench.view, now: bench.bench.wall, using: &bench.bench.random)
    }
}

import FoundryModel
import FoundryRules
import Testing

@Suite("What a controller says of room")
struct ControllerRoomTests {
    private static func replicated(_ bench: inout ClusterBench, _ count: Int) -> AppID {
        let app = bench.push("db") { $0.recovery = RecoverySpec(replicas: count) }
        bench.pass(3_000)
        return app
    }

    @Test("Of a replica that has no place, which one is lacking and why")
    func noRoom() {
        var bench = ClusterBench(cells: 2)
        let app = Self.replicated(&bench, 2)
        let lines = bench.machine.reasons(of: app, now: bench.moment)
        #expect(lines.contains { $0.text.hasPrefix("lacks a replica: ") })
    }

    @Test("Of one that no cell has the memory for, what is short")
    func noMemory() throws {
        var bench = ClusterBench(cells: 4)
        let app = Self.replicated(&bench, 1)
        var (machine, random) = (bench.machine, bench.random)
        var record = try #require(bench.view.apps[app])
        record.value.spec.recovery.replicas = 2
        record.value.spec.memory = .gigabytes(100_000)
        _ = machine.handle(
            .record(.app(record.value), revision: bench.revision + 1), now: bench.moment, using: &random)
        let line = try #require(machine.reasons(of: app, now: bench.moment).first)
        #expect(line.subject == "db" && line.text.hasPrefix("lacks a replica: None of 4 cells") && line.hint != nil)
    }

    @Test("Nothing of one that is about to be made, or to go", arguments: [0, 2])
    func room(count: Int) throws {
        var bench = ClusterBench(cells: 4)
        let app = Self.replicated(&bench, 1)
        var (machine, random) = (bench.machine, bench.random)
        var record = try #require(bench.view.apps[app])
        record.value.spec.recovery.replicas = count
        _ = machine.handle(
            .record(.app(record.value), revision: bench.revision + 1), now: bench.moment, using: &random)
        #expect(machine.reasons(of: app, now: bench.moment) == [])
        #expect(machine.view.apps[app]?.value.spec.recovery.replicas == count)
    }
}

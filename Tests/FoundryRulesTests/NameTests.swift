import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

/// Two servers plan on what each has seen, and the store takes one transaction after another.
@Suite("One name at the same moment")
struct NameTests {
    private typealias Plan = (ServiceBench, inout Seeded) throws -> [RecordWrite]

    private static func push(_ bench: ServiceBench, _ random: inout Seeded) throws -> [RecordWrite] {
        try PushPlanner.plan(
            PushRequest(name: "orders", image: "redis", memory: "64M", ephemeral: true), image: Samples.image(),
            view: bench.view, configuration: bench.world.bench.configuration, now: bench.now, using: &random
        ).writes
    }

    private static func provision(_ bench: ServiceBench, _ random: inout Seeded) throws -> [RecordWrite] {
        try ServiceVerbs.provision(
            bench.request("orders"), view: bench.view, configuration: bench.world.bench.configuration, now: bench.now,
            using: &random
        ).writes
    }

    private static func rename(_ bench: ServiceBench, _ random: inout Seeded) throws -> [RecordWrite] {
        try ServiceVerbs.rename(
            try bench.record(), to: "orders", view: bench.view, now: bench.now, using: &random
        ).writes
    }

    private static func clone(_ bench: ServiceBench, _ random: inout Seeded) throws -> [RecordWrite] {
        try CloneRule.plan(
            try bench.world.app("demo"), CloneRequest(name: "orders"), by: "ci", view: bench.view,
            configuration: bench.world.bench.configuration, now: bench.now, using: &random
        ).writes
    }

    private static func givesName(_ write: RecordWrite) -> Bool {
        if case .put(.names, _) = write { true } else { false }
    }

    @Test("The second of two that give it is not committed, whatever they make; looking again, it gives none")
    func second() throws {
        var bench = try ServiceBench()
        try bench.provision()
        _ = try bench.world.bench.push(PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"))
        bench.settle()
        let plans: [Plan] = [Self.push, Self.provision, Self.rename, Self.clone]
        for (place, first) in plans.enumerated() {
            for (otherPlace, second) in plans.enumerated() {
                var servers = bench
                var (one, other) = (Seeded(1), Seeded(2))
                let late = try second(servers, &other)
                #expect(servers.world.bench.write(try first(servers, &one)) != nil, "\(place)")
                #expect(servers.world.bench.write(late) == nil, "\(place), \(otherPlace)")
                // A push changes the app that has the name, and a clone may be asked for again.
                let again = Result { try second(servers, &other) }
                if case .success(let writes) = again {
                    #expect(!writes.contains(where: Self.givesName), "\(place), \(otherPlace)")
                }
            }
        }
    }
}

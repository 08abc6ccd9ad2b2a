import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("The contract in words")
struct ContractTests {
    private static func sentences(
        _ change: (inout WorkloadSpec) -> Void = { _ in }, route: RouteScope? = .loopback,
        configuration: PlatformConfiguration = Samples.configuration()
    ) -> [ContractSentence] {
        var spec = Samples.spec()
        spec.health = HealthCheck(port: 6_379)
        change(&spec)
        let route = route.map {
            RouteRecord(
                id: RouteID("route")!, app: AppID("app")!, scope: $0, port: 20_000, targetPort: 6_379,
                createdAt: Samples.start)
        }
        return Contract.sentences(for: spec, route: route, configuration: configuration)
    }

    private static func clauses(
        _ change: (inout WorkloadSpec) -> Void = { _ in }, route: RouteScope? = .loopback
    ) -> Set<ContractClause> {
        Set(sentences(change, route: route).map(\.clause))
    }

    @Test("A database with a disk is promised this")
    func database() {
        #expect(
            Self.sentences().map(\.text) == [
                "When its process ends, it is started again on the same data: after 100 ms at first, then after pauses that double up to 30 s.",
                "After 8 ends in a row it counts as crashed, says why, and is tried every 5 min.",
                "When it answers no connection on port 6379 3 times in a row, 2 s apart, it is restarted; a start may take 1 min.",
                "Past 64 MiB of memory its process is killed and started again.",
                "When the platform itself dies or is restarted, it runs on, undisturbed.",
                "When its machine is lost, it waits for that machine: there is no second copy, and its data is never guessed.",
                "When the machine loses touch with the control plane, it runs on: nothing of the platform stops it.",
                "What its program syncs is on the disk when the sync returns; a power cut loses only what was not synced.",
                "If its volume is missing, empty, older than it was, or another's, it is not started; nothing is written over it.",
                "Its disk holds 100 MiB; past that its writes fail, and no neighbour notices.",
                "Stop and start keep its data; it has 30 s to end by itself before it is killed.",
                "Delete keeps its volume for 7 days, unless --purge says otherwise.",
                "It is reached at 127.0.0.1:20000, from this machine only.",
                "Members of other apps cannot reach it.",
            ])
    }

    @Test("A public cache without a disk is promised that")
    func cache() {
        var configuration = Samples.configuration()
        configuration.routes.publicRange = PublicRouteRange(address: "192.0.2.1", firstPort: 30_000, lastPort: 30_001)
        let sentences = Self.sentences(
            {
                ($0.disk, $0.ephemeralPaths, $0.restartPolicy) = (nil, ["/a", "/b"], .available)
                $0.health.asks = .process
            }, route: .public, configuration: configuration)
        #expect(
            sentences.map(\.text) == [
                "When its process ends, it is started again: after 100 ms at first, then after pauses that double up to 30 s.",
                "After 8 ends in a row it counts as crashed, says why, and is tried every 5 min.",
                "Past 64 MiB of memory its process is killed and started again.",
                "When the platform itself dies or is restarted, it runs on, undisturbed.",
                "When its machine is lost, it waits for that machine, like a consistent one: there is no replica that could take over.",
                "When the machine loses touch with the control plane, it runs on: nothing of the platform stops it.",
                "/a, /b lives in memory: what is written there is lost whenever its process ends.",
                "It is reached at 192.0.2.1:20000, by everybody who reaches this machine.",
                "Members of other apps cannot reach it.",
            ])
    }

    @Test("A sentence is said where it is true, and nowhere else")
    func selection() {
        let disk: Set<ContractClause> = [.syncNormal, .neverEmpty, .diskLimit, .stopKeeps, .deleteKeeps]
        #expect(Self.clauses().isSuperset(of: disk))
        #expect(Self.clauses { $0.disk = nil }.isDisjoint(with: disk))
        #expect(Self.clauses { $0.disk = nil }.contains(.nothingKept))
        #expect(!Self.clauses { ($0.disk, $0.ephemeralPaths) = (nil, ["/a"]) }.contains(.nothingKept))
        #expect(Self.clauses { ($0.disk, $0.ephemeralPaths) = (nil, ["/a"]) }.contains(.memoryOnly))
        #expect(
            Self.clauses().isDisjoint(with: [
                .nothingKept, .memoryOnly, .availableWaitsWithoutReplica, .reachedFromOutside,
            ]))
        #expect(Self.clauses { $0.restartPolicy = .available }.contains(.availableWaitsWithoutReplica))
        #expect(!Self.clauses { $0.restartPolicy = .available }.contains(.machineLostWaits))
        #expect(!Self.clauses { $0.health.asks = .process }.contains(.silenceRestarts))
        #expect(Self.clauses(route: nil).isDisjoint(with: [.reachedFromHere, .reachedFromOutside]))
        #expect(Self.clauses(route: .public).contains(.reachedFromOutside))
        #expect(Self.clauses().isDisjoint(with: [.instancesApart, .fewerInstancesKeep]))
        #expect(Self.clauses { ($0.instances, $0.disk) = (2, nil) }.contains(.instancesApart))
        #expect(!Self.clauses { ($0.instances, $0.disk) = (2, nil) }.contains(.fewerInstancesKeep))
    }

    @Test("Of several instances it is said what they share, which is at most an address")
    func instances() {
        func said(_ route: RouteScope?, _ change: (inout WorkloadSpec) -> Void) -> [String] {
            Self.sentences(change, route: route).filter { [.instancesApart, .fewerInstancesKeep].contains($0.clause) }
                .map(\.text)
        }
        #expect(
            said(.loopback) { $0.instances = 3 } == [
                "It has 3 members that know nothing of each other, each with a disk of its own, of which all this is said. A connection may reach any of them that serves.",
                "With fewer members the last are stopped, and their disks are kept for 7 days: a member of the same number goes on with its own.",
            ])
        #expect(
            said(nil) { ($0.instances, $0.disk) = (2, nil) } == ["It has 2 members that know nothing of each other."])
    }

    @Test("Figures in a sentence are those of the configuration")
    func figures() {
        var configuration = Samples.configuration()
        configuration.volumeGraceDays = 30
        configuration.restart = RestartLimits(
            firstDelayMilliseconds: 1_500, longestDelayMilliseconds: 60_000, endsUntilCrashed: 3,
            crashedDelayMilliseconds: 90_000)
        let text = Self.sentences(configuration: configuration).map(\.text).joined(separator: "\n")
        #expect(text.contains("after 1500 ms at first, then after pauses that double up to 1 min."))
        #expect(text.contains("After 3 ends in a row it counts as crashed, says why, and is tried every 90 s."))
        #expect(text.contains("for 30 days"))
    }

    @Test("What is checked, and what comes of it, is said of each kind", .proves(.silenceRestarts))
    func checks() {
        func said(_ clause: ContractClause, _ change: (inout WorkloadSpec) -> Void) -> String? {
            Self.sentences(change).first { $0.clause == clause }?.text
        }
        let rest = " 3 times in a row, 2 s apart, it is restarted; a start may take 1 min."
        for (asks, silence) in [
            (.http(port: 80, path: "/up"), "does not answer GET /up on port 80 with a status of 200 to 399"),
            (.command(["/check"]), "fails its health command"),
            (.engine(.mysql, port: 3_306), "gives no answer of mysql on port 3306"),
        ] as [(HealthQuestion, String)] {
            #expect(said(.silenceRestarts) { $0.health.asks = asks } == "When it \(silence)\(rest)")
        }
        #expect(
            said(.unreadyUnrouted) { $0.readiness = HealthCheck(.port(80)) }
                == "While it is not ready, after 3 failures in a row, nobody is led to it; it is not restarted for that."
        )
        #expect(
            said(.hungDiskShown) { $0.image.configuration.environment.append("FOUNDRY_WRITE_PROBE=sync") }
                == "Every 30 s something small is written through to its disk; when that fails, or takes 5 s, it shows as unhealthy, and is not restarted for that."
        )
    }

    @Test("Every sentence can be said, none is said twice, and each ends as a sentence does")
    func complete() {
        var said: Set<ContractClause> = []
        for change in [
            { _ in }, { $0.restartPolicy = .available }, { $0.disk = nil },
            { ($0.disk, $0.ephemeralPaths) = (nil, ["/a"]) },
            { $0.disk?.sync = .immediate }, { $0.disk?.sync = .deferred(milliseconds: 50) },
            {
                $0.disk?.sync = .deferred(milliseconds: 50)
                $0.image.configuration.environment.append("FOUNDRY_DISK_SYNC=normal")
            },
            { $0.readiness = HealthCheck(.port(80)) }, { $0.health.asks = .command(["/check"]) },
            { $0.health.asks = .http(port: 80, path: "/up") }, { $0.health.asks = .engine(.redis, port: 6_379) },
            { $0.image.configuration.environment.append("FOUNDRY_WRITE_PROBE=sync") },
            { $0.disk?.io = .low }, { $0.recovery.fence = .power }, { $0.recovery.fence = .person },
            { ($0.restartPolicy, $0.recovery.whenLost) = (.available, .empty) }, { $0.instances = 3 },
        ] as [(inout WorkloadSpec) -> Void] {
            for scope in [RouteScope.loopback, .public, nil] {
                let sentences = Self.sentences(change, route: scope)
                #expect(Set(sentences.map(\.clause)).count == sentences.count)
                #expect(
                    sentences.allSatisfy {
                        $0.text.hasSuffix(".") && !$0.text.contains("Optional") && !$0.text.contains(" - ")
                    })
                said.formUnion(sentences.map(\.clause))
            }
        }
        #expect(said == Set(ContractClause.allCases))
    }
}

import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryRouter

#if canImport(Glibc)
import Glibc
#endif

@Suite(.serialized) struct RouterShellTests {
    @Test func aRouteComesChangesAndGoesWithoutAReload() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let first = try await TestMember.start("m1")
            let second = try await TestMember.start("m2")
            let port = bench.slot(0).port
            try await bench.routing {
                let control = try await bench.control()
                defer { control.connection.close() }
                let pid = try await control.identity().pid

                bench.uplink.send(bench.order(1, [0: try first.target(epoch: 1)]))
                try await eventually("the first answers") { try await TestClient.whoAnswers(port) == "m1" }
                let held = try await TestClient.connect(port)
                try await eventually("held by the first") { held.received == "m1" }

                bench.uplink.send(bench.order(2, [0: try second.target(epoch: 2)]))
                try await eventually("the second answers") { try await TestClient.whoAnswers(port) == "m2" }
                try await eventually("the old connection ends") { !held.isOpen }
                try await eventually("the report tells it") {
                    bench.uplink.last
                        == RouterReport(
                            ordersRevision: 2, applied: bench.order(2, [0: try second.target(epoch: 2)]).routes,
                            problem: nil)
                }

                bench.uplink.send(bench.order(3, [:]))
                try await eventually("nobody answers") { try await TestClient.whoAnswers(port) == nil }
                try await eventually("the report tells it") {
                    bench.uplink.last == RouterReport(ordersRevision: 3, applied: [], problem: nil)
                }
                #expect(try await control.observe() == ProxyTable())
                #expect(try await control.identity().pid == pid)
            }
            #expect(
                try bench.journalled() == Set(RouterEffectName.allCases.map(\.rawValue)),
                "every effect has its kill points")
        }
    }

    @Test func whoOpensTooManyConnectionsShutsNobodyElseOut() async throws {
        try await RouterBench.run(connectionsOfRoute: 5) { bench in
            try await bench.startProxy()
            let first = try await TestMember.start("m1")
            let second = try await TestMember.start("m2")
            let (flooded, quiet) = (bench.slot(0).port, bench.slot(1).port)
            try await bench.routing {
                bench.uplink.send(bench.order(1, [0: try first.target(epoch: 1), 1: try second.target(epoch: 2)]))
                try await eventually("both answer") {
                    let answers = (try await TestClient.whoAnswers(flooded), try await TestClient.whoAnswers(quiet))
                    return answers == ("m1", "m2")
                }
                var held: [TestClient] = []
                try await eventually("it has all that it may have") {
                    let next = try await TestClient.connect(flooded)
                    try await eventually("taken or refused") { next.received == "m1" || !next.isOpen }
                    if next.isOpen { held.append(next) }
                    return held.count == 5
                }
                #expect(try await TestClient.whoAnswers(flooded) == nil)
                #expect(try await TestClient.whoAnswers(quiet) == "m2")
                #expect(held.allSatisfy { $0.isOpen })
                held[0].close()
                try await eventually("there is room again") { try await TestClient.whoAnswers(flooded) == "m1" }
            }
        }
    }

    @Test func aRestartedHAProxyIsRebuiltWithinASecond() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let member = try await TestMember.start("m1")
            try await bench.routing {
                let targets = try (0..<8).map { ($0, Optional(try member.target(epoch: 1))) }
                bench.uplink.send(bench.order(1, Dictionary(uniqueKeysWithValues: targets)))
                try await eventually("it answers") { try await TestClient.whoAnswers(bench.slot(7).port) == "m1" }

                bench.kill()
                try await eventually("the report tells it") { bench.uplink.last?.problem != nil }
                try await bench.startProxy()
                let milliseconds = try await eventually("it answers again") {
                    try await TestClient.whoAnswers(bench.slot(7).port) == "m1"
                }
                #expect(milliseconds < 1_000)
                print("measured: routes back \(milliseconds) ms after HAProxy listens")
                try await eventually("the report tells it") {
                    bench.uplink.last?.applied.count == 8 && bench.uplink.last?.problem == nil
                }
            }
        }
    }

    @Test func haproxyMayComeLate() async throws {
        try await RouterBench.run { bench in
            let member = try await TestMember.start("m1")
            try await bench.routing {
                bench.uplink.send(bench.order(1, [0: try member.target(epoch: 1)]))
                try await eventually("the report says what is wrong") {
                    bench.uplink.last
                        == RouterReport(ordersRevision: 1, applied: [], problem: "HAProxy does not answer.")
                }
                try await bench.startProxy()
                try await eventually("it answers") { try await TestClient.whoAnswers(bench.slot(0).port) == "m1" }
            }
        }
    }

    @Test func aRestartedRouterLeavesConnectionsAlone() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let member = try await TestMember.start("m1")
            let orders = bench.order(1, [0: try member.target(epoch: 1)])
            try await bench.routing {
                bench.uplink.send(orders)
                try await eventually("the report tells it") { bench.uplink.last?.applied.count == 1 }
            }
            let held = try await TestClient.connect(bench.slot(0).port)
            try await eventually("held") { held.received == "m1" }

            bench.uplink.leave()
            let count = bench.uplink.reportCount
            try await bench.routing {
                try await SystemClock.sleep(.milliseconds(300))
                #expect(
                    try await TestClient.whoAnswers(bench.slot(0).port) == "m1",
                    "the server is away, and nothing is touched")
                bench.uplink.comeBack()
                try await eventually("it reports again") {
                    bench.uplink.reportCount > count && bench.uplink.last?.applied.count == 1
                }
            }
            try await held.send("!")
            try await eventually("the connection lives") { held.received == "m1!" }
            held.close()
        }
    }

    @Test func theLastOrdersStandWhileTheServerIsAway() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let member = try await TestMember.start("m1")
            try await bench.routing {
                bench.uplink.send(bench.order(1, [0: try member.target(epoch: 1)]))
                try await eventually("it answers") { try await TestClient.whoAnswers(bench.slot(0).port) == "m1" }
                bench.uplink.leave()
                bench.kill()
                try await bench.startProxy()
                try await eventually("it answers again") { try await TestClient.whoAnswers(bench.slot(0).port) == "m1" }
                let count = bench.uplink.reportCount
                bench.uplink.comeBack()
                try await eventually("the server hears of it") {
                    bench.uplink.reportCount > count && bench.uplink.last?.applied.count == 1
                }
            }
        }
    }

    @Test func aHAProxyThatHungIsTakenUpAgain() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let first = try await TestMember.start("m1")
            let second = try await TestMember.start("m2")
            try await bench.routing {
                bench.uplink.send(bench.order(1, [0: try first.target(epoch: 1)]))
                try await eventually("it answers") { try await TestClient.whoAnswers(bench.slot(0).port) == "m1" }
                bench.signal(SIGSTOP)
                bench.uplink.send(bench.order(2, [0: try second.target(epoch: 1)]))
                try await eventually("the report says what is wrong") {
                    bench.uplink.last?.problem == "HAProxy does not answer."
                }
                bench.signal(SIGCONT)
                try await eventually("the second answers") {
                    try await TestClient.whoAnswers(bench.slot(0).port) == "m2"
                }
            }
        }
    }

    @Test func whatSomebodyElseDidIsPutRight() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let member = try await TestMember.start("m1")
            let stranger = try await TestMember.start("stranger")
            let control = try await bench.control()
            for slot in [bench.slot(0), bench.slot(1)] {
                for effect: RouterEffect in [
                    .addServer(slot, try stranger.target(epoch: 0)), .readyServer(slot, server: "stranger_0"),
                    .setMapEntry(slot),
                ] { try await control.perform(effect) }
            }
            #expect(try await TestClient.whoAnswers(bench.slot(1).port) == "stranger")
            try await bench.routing {
                bench.uplink.send(bench.order(1, [0: try member.target(epoch: 1)]))
                try await eventually("the report tells it") { bench.uplink.last?.applied.count == 1 }
                #expect(try await TestClient.whoAnswers(bench.slot(0).port) == "m1")
                try await eventually("the other port is closed") {
                    try await TestClient.whoAnswers(bench.slot(1).port) == nil
                }
            }
            control.connection.close()
        }
    }
}

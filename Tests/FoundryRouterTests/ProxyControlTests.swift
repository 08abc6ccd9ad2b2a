import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryRouter

@Suite(.serialized) struct ProxyControlTests {
    @Test func whatHAProxyRefusesIsAnError() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let control = try await bench.control()
            defer { control.connection.close() }
            let slot = bench.slot(0)
            let target = try await TestMember.start("m1").target(epoch: 1)
            let refused: [RouterEffect] = [
                .readyServer(slot, server: "m1_1"), .drainServer(slot, server: "m1_1"),
                .addServer(RouteSlot(scope: .loopback, port: 1), target),
                .setMapEntry(RouteSlot(scope: .public, port: 1)),
            ]
            for effect in refused {
                await #expect(throws: FoundryError.self, "\(effect)") { try await control.perform(effect) }
            }
            try await control.perform(.addServer(slot, target))
            await #expect(throws: FoundryError.self, "it is there already") {
                try await control.perform(.addServer(slot, target))
            }
            try await control.perform(.readyServer(slot, server: "m1_1"))
            await #expect(throws: FoundryError.self, "it is ready") {
                try await control.perform(.removeServer(slot, server: "m1_1"))
            }
            #expect(try await control.observe() == ProxyTable(servers: [slot: [ProxyServer(target, state: .ready)]]))
        }
    }

    @Test func whatIsSafeToDoTwiceIsDoneTwice() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let control = try await bench.control()
            defer { control.connection.close() }
            let slot = bench.slot(0)
            let target = try await TestMember.start("m1").target(epoch: 1)
            try await control.perform(.addServer(slot, target))
            let server = "m1_1"
            let twice: [RouterEffect] = [
                .readyServer(slot, server: server), .setMapEntry(slot), .removeMapEntry(slot),
                .drainServer(slot, server: server),
                .closeSessions(slot, server: server), .removeServer(slot, server: server),
            ]
            for effect in twice {
                try await control.perform(effect)
                try await control.perform(effect)
                if effect == .setMapEntry(slot) {
                    #expect(try await control.observe().leads == [slot: [slot.description]])
                }
            }
            #expect(try await control.observe() == ProxyTable())
        }
    }

    @Test func aServerWithManyConnectionsIsClosedAndRemoved() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let control = try await bench.control()
            defer { control.connection.close() }
            let slot = bench.slot(0)
            let target = try await TestMember.start("m1").target(epoch: 1)
            for effect: RouterEffect in [
                .addServer(slot, target), .readyServer(slot, server: "m1_1"), .setMapEntry(slot),
            ] {
                try await control.perform(effect)
            }
            var clients: [TestClient] = []
            for _ in 0..<200 { clients.append(try await TestClient.connect(slot.port)) }
            for client in clients { try await eventually("it is connected") { client.received == "m1" } }
            let start = SystemClock.monotonic()
            for effect: RouterEffect in [
                .drainServer(slot, server: "m1_1"), .closeSessions(slot, server: "m1_1"),
                .removeServer(slot, server: "m1_1"),
            ] { try await control.perform(effect) }
            print("measured: 200 connections cut in \(SystemClock.monotonic() - start) ms")
            for client in clients { try await eventually("its connection ended") { !client.isOpen } }
        }
    }

    @Test func aPortThatIsNotMappedIsRefusedQuickly() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let start = SystemClock.monotonic()
            for _ in 0..<10 { #expect(try await TestClient.whoAnswers(bench.slot(3).port) == nil) }
            #expect(SystemClock.monotonic() - start < 1_000)
        }
    }

    @Test func manyRoutesAreLedAtOnce() async throws {
        try await RouterBench.run(ports: 90) { bench in
            try await bench.startProxy()
            let control = try await bench.control()
            defer { control.connection.close() }
            let target = try await TestMember.start("m1").target(epoch: 1)
            for index in 0..<90 {
                let slot = bench.slot(index)
                for effect: RouterEffect in [
                    .addServer(slot, target), .readyServer(slot, server: "m1_1"), .setMapEntry(slot),
                ] {
                    try await control.perform(effect)
                }
            }
            #expect(try await control.observe().servers.count == 90)
        }
    }
}

import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Restarts", .serialized)
    struct RestartTests {
        @Test(
            "A process that ends at once counts as crashed after its limit: push fails, and its last words are shown",
            .proves(.crashGivesUp))
        func crashLoop() async throws {
            let platform = try TestPlatform.current()
            let words = "REDIS_APPENDFSYNC is 'never'; it can be always, everysec or no"
            let push = [
                "push", "redis", "broken", "--disk", "16M", "--memory", "64M", "--env", "REDIS_APPENDFSYNC=never",
            ]
            let answer = try await platform.foundry(push, limit: .seconds(60))
            #expect(answer.exitCode == 5, "\(answer.output)")
            #expect(answer.errors.contains("error[app_crashed]: ") && answer.errors.contains(words), "\(answer.errors)")
            #expect(answer.errors.contains("hint: foundry "))
            #expect(answer.output.contains("After 4 ends in a row it counts as crashed"))

            let app = try await platform.app("broken")
            let member = try #require(app.members.first)
            #expect(app.state == "crashed" && member.phase == "crashed" && member.pid == nil)
            #expect(member.restarts == 4, "\(member.restarts)")
            #expect(member.lastExit?.reason == "exited with status 1")
            #expect(member.lastExit?.lastLines.last?.contains(words) == true, "\(member)")
            let next = try #require(
                member.nextTry.flatMap {
                    try? Date($0, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
                })
            #expect(
                (240...300).contains(next.timeIntervalSinceNow), "the next try is in \(next.timeIntervalSinceNow) s")
            let why = try await platform.must("why", "broken").output
            #expect(
                why.contains("counts as crashed; it is tried again at") && why.contains("exited with status 1"),
                "\(why)")
            #expect(try await platform.must("app", "broken").output.contains("crashed"))
            #expect(try await platform.events(of: "broken").contains("member.crashed"))
            #expect(try await platform.must("logs", "broken").output.contains(words))
            try await platform.clear("broken")
        }

        @Test("A process that runs and is silent is restarted, and the reason is said", .proves(.silenceRestarts))
        func silence() async throws {
            let platform = try TestPlatform.current()
            try await platform.must(
                "push", "redis", "silent", "--disk", "16M", "--memory", "64M", "--health-check-type", "port",
                "--health-check-interval", "200ms",
                "--health-check-invocation-timeout", "200ms")
            let client = RedisClient(port: try await platform.port(of: "silent"))
            #expect(try client.command("SET", "kept", "yes") == "OK")
            let process = try await platform.process(of: "silent")
            // Its kernel goes on taking connections: as many as wait in the queue. A full one is silent.
            let flood = try Flood(
                address: try #require(try await platform.app("silent").members.first?.address), port: 6379)
            Glibc.kill(process, SIGSTOP)
            flood.start()
            try await eventually("it is being stopped") {
                try await platform.app("silent").members.first?.phase == "stopping"
            }
            flood.stop()
            // So that it need not be waited for until it is killed.
            Glibc.kill(process, SIGCONT)
            try await platform.waitUntilRestarted("silent")
            try await eventually("it answers") { (try? client.command("GET", "kept")) == "yes" }
            #expect(try await platform.process(of: "silent") != process)
            let events = try await platform.events(of: "silent")
            #expect(events.contains("did not answer on port 6379 3 times in a row and was restarted"), "\(events)")
            try await platform.clear("silent")
        }

        @Test(
            "What --ephemeral keeps in memory is gone with the process, and the contract says so", .proves(.memoryOnly))
        func ephemeral() async throws {
            let platform = try TestPlatform.current()
            let pushed = try await platform.must("push", "redis", "brief", "--ephemeral", "--memory", "64M")
            #expect(pushed.output.contains("/data lives in memory"))
            let client = RedisClient(port: try await platform.port(of: "brief"))
            #expect(try client.command("SET", "kept", "no") == "OK")
            #expect(try client.command("GET", "kept") == "no")
            Glibc.kill(try await platform.process(of: "brief"), SIGKILL)
            try await platform.waitUntilRestarted("brief")
            try await eventually("it answers") { (try? client.command("PING")) == "PONG" }
            #expect(try client.command("GET", "kept") == nil)
            #expect(try await platform.app("brief").volumes.isEmpty)
            try await platform.clear("brief")
        }
    }
}

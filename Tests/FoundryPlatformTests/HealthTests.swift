import Foundation
import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Checks of members", .serialized)
    struct HealthTests {
        private static let probe =
            "FOUNDRY_WRITE_PROBE=exec dd if=/dev/zero of=/data/.write-probe bs=512 count=1 conv=notrunc oflag=dsync"

        private static func registry(
            _ image: String, changing change: String, _ body: (String) async throws -> Void
        ) async throws {
            let platform = try TestPlatform.current()
            let registry = try await Registry(in: platform.root)
            do {
                try await registry.add("redis:7", as: image, changing: change)
                try await body("\(registry.host)/\(image)")
                await registry.stop()
            } catch {
                await registry.stop()
                throw error
            }
        }

        private static func member(_ name: String) async throws -> AppView.Member {
            try #require(try await TestPlatform.current().app(name).members.first)
        }

        @Test(
            "A hung disk shows as unhealthy although the port answers, holds up nobody else, and is healthy again after",
            .proves(.hungDiskShown))
        func hungDisk() async throws {
            let variables =
                "[\"FOUNDRY_WRITE_PROBE_INTERVAL_MS=1000\", \"FOUNDRY_HEALTH_PROTOCOL=redis\", \"\(Self.probe)\"]"
            let change = ".config.Env |= map(select(test(\"^FOUNDRY_(WRITE|HEALTH)\") | not)) + \(variables)"
            try await Self.registry("team/probed:1", changing: change) { image in
                let platform = try TestPlatform.current()
                let pushed = try await platform.must("push", image, "hung", "--disk", "16M", "--memory", "64M")
                #expect(pushed.output.contains("Every 1 s something small is written through to its disk"))
                #expect(pushed.output.contains("gives no answer of redis on port 6379 3 times in a row"))
                let process = try await platform.process(of: "hung")
                let volume = try #require(try await platform.app("hung").volumes.first.flatMap { VolumeID($0.guid) })
                let mount = try platform.paths().volumeMount(volume)
                try await platform.inside("fsfreeze", "--freeze", mount)
                do {
                    try await eventually("it shows as unhealthy") {
                        try await Self.member("hung").phase == "unhealthy"
                    }
                    let words = "the write probe took longer than 5 s: the disk does not answer"
                    #expect(try await Self.member("hung").reason == words)
                    #expect(try RedisClient(port: try await platform.port(of: "hung")).command("PING") == "PONG")
                    #expect(try await platform.must("app", "hung").output.contains(words))
                    #expect(try await platform.must("why", "hung").output.contains(words))
                    #expect(try await platform.events(of: "hung").contains(words))
                    // Another one comes up meanwhile; and of the probe there is one.
                    try await platform.must("push", "redis", "neighbour", "--ephemeral", "--memory", "64M")
                    #expect(try await platform.app("neighbour").state == "running")
                    try await Task.sleep(for: .seconds(3))
                    let writers = try await platform.run("pgrep", "--full", "^dd if=/dev/zero of=/data/.write-probe")
                    #expect(writers.output.split(separator: "\n").count == 1, "\(writers.output)")
                    try await platform.inside("fsfreeze", "--unfreeze", mount)
                } catch {
                    try await platform.inside("fsfreeze", "--unfreeze", mount)
                    throw error
                }
                try await platform.waitUntilHealthy("hung")
                let member = try await Self.member("hung")
                #expect(member.pid == process && member.restarts == 0 && member.reason == nil)
                try await platform.clear("hung")
                try await platform.clear("neighbour")
            }
        }

        @Test(
            "The image's HEALTHCHECK counts when the app says nothing, and restarts what fails it",
            .proves(.silenceRestarts))
        func imagesOwn() async throws {
            let check =
                "{\"Test\": [\"CMD-SHELL\", \"test ! -e /data/ill || { echo it is ill; exit 1; }\"], \"Interval\": 300000000, \"Timeout\": 5000000000, \"Retries\": 2}"
            try await Self.registry("team/checked:1", changing: ".config.Healthcheck = \(check)") { image in
                let platform = try TestPlatform.current()
                let pushed = try await platform.must("push", image, "checked", "--disk", "16M", "--memory", "64M")
                #expect(pushed.output.contains("When it fails its health command 2 times in a row, 300 ms apart"))
                #expect(try await platform.must("app", "checked").output.contains("command test ! -e /data/ill"))
                try await Self.touch("checked", "ill")
                try await eventually("it was restarted") { try await Self.member("checked").restarts > 0 }
                let events = try await platform.events(of: "checked")
                #expect(
                    events.contains(
                        "failed its health command with exit code 1: it is ill 2 times in a row and was restarted"),
                    "\(events)")
                try await Self.touch("checked", "ill", isThere: false)
                try await platform.waitUntilHealthy("checked")
                try await platform.clear("checked")
            }
        }

        @Test(
            "A member that is not ready gets no connections, and is not restarted; ready again, it gets them",
            .proves(.unreadyUnrouted))
        func readiness() async throws {
            let platform = try TestPlatform.current()
            try await platform.must(
                "push", "redis", "shy", "--disk", "16M", "--memory", "64M", "--readiness-health-check-command",
                "test ! -e /data/busy || { echo busy; exit 1; }", "--readiness-health-check-interval", "200ms")
            let process = try await platform.process(of: "shy")
            let client = RedisClient(port: try await platform.port(of: "shy"))
            #expect(try client.command("PING") == "PONG")
            try await Self.touch("shy", "busy")
            try await eventually("it gets no connections") {
                let app = try await platform.app("shy")
                return app.state == "unready" && app.route?.isServing == false
            }
            #expect(throws: Failure.self) {
                try RedisClient(port: client.port).command("PING")
            }
            let why = try await platform.must("why", "shy").output
            #expect(why.contains("is not ready: it failed its health command with exit code 1: busy"), "\(why)")
            try await Self.touch("shy", "busy", isThere: false)
            try await platform.waitUntilHealthy("shy")
            #expect(try RedisClient(port: client.port).command("PING") == "PONG")
            let member = try await Self.member("shy")
            #expect(member.pid == process && member.restarts == 0)
            try await platform.clear("shy")
        }

        /// A file on an app's disk.
        private static func touch(_ name: String, _ file: String, isThere: Bool = true) async throws {
            let platform = try TestPlatform.current()
            let volume = try #require(try await platform.app(name).volumes.first.flatMap { VolumeID($0.guid) })
            let path = "\(try platform.paths().volumeMount(volume))/data/\(file)"
            _ = try await isThere ? platform.inside("touch", path) : platform.inside("rm", path)
        }
    }
}

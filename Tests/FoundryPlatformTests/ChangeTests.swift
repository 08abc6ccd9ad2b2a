import Foundation
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("A change by a push", .serialized)
    struct ChangeTests {
        @Test("Limits change under a running process; a variable makes it anew, on the same data and at the same port")
        func changes() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "turned", "--disk", "32M", "--memory", "48M")
            let (port, process) = (try await platform.port(of: "turned"), try await platform.process(of: "turned"))
            let client = RedisClient(port: port)
            #expect(try client.command("SET", "kept", "yes") == "OK")
            let planned = try await platform.must("push", "redis", "turned", "--memory", "96M", "--plan")
            #expect(
                planned.output.contains("memory  48 MiB -> 96 MiB") && planned.output.contains("nothing is restarted"))
            try await platform.must("push", "redis", "turned", "--memory", "96M", "--io-performance", "high")
            #expect(try await platform.process(of: "turned") == process, "it was not restarted")
            let memory = try await platform.cgroup(
                of: "turned", v1: ("memory", "memory.limit_in_bytes"), v2: "memory.max")
            #expect(memory == "\(96 << 20)")
            let told = try await platform.must("push", "redis", "turned", "--env", "REDIS_APPENDFSYNC=everysec")
            #expect(told.output.contains("env REDIS_APPENDFSYNC  none -> set"), "\(told.output)")
            #expect(told.output.contains("turned is changed, and healthy: 127.0.0.1:\(port)"), "\(told.output)")
            #expect(try await platform.process(of: "turned") != process)
            try await eventually("it answers") { (try? client.command("GET", "kept")) == "yes" }
            #expect(try client.command("CONFIG", "SET", "appendonly", "yes") == "OK")
            let again = try await platform.must("push", "redis", "turned", "--env", "REDIS_APPENDFSYNC=everysec")
            #expect(again.output.contains("turned is so already"))
            _ = try await platform.refused("push", "redis", "turned", "--mount", "/else", code: "conflict", exitCode: 4)
            let unasked = try await platform.refused(
                "push", "redis", "turned", "--disk-sync", "defer", code: "usage", exitCode: 2)
            #expect(unasked.errors.contains("--force"))
            try await platform.clear("turned")
        }

        @Test("At a terminal somebody is asked about what may cost data, and only about that")
        func asks() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "asked", "--disk", "32M", "--memory", "48M")
            let push = ["push", "redis", "asked", "--disk-sync", "defer"]
            let no = try TypedCommand(push, platform.environment, (24, 100))
            try await no.waits(for: "a power cut may take writes of asked")
            try await no.waits(for: "Change asked? [y/N]")
            try no.type("\r")
            try await no.waits(for: "Nothing was changed.")
            #expect(try await no.end() == 2)
            let yes = try TypedCommand(push, platform.environment, (24, 100))
            try await yes.waits(for: "Change asked? [y/N]")
            try yes.type("y\r")
            try await yes.waits(for: "asked is changed")
            #expect(try await yes.end() == 0)
            #expect(try await platform.must("app", "asked").output.contains("defer:200"))
            try await platform.clear("asked")
        }

        @Test("What does not come up goes back: the push fails with the reason, and the app serves as before")
        func goesBack() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "undone", "--disk", "32M", "--memory", "64M")
            let port = try await platform.port(of: "undone")
            let client = RedisClient(port: port)
            #expect(try client.command("SET", "kept", "yes") == "OK")
            let answer = try await platform.refused(
                "push", "redis", "undone", "--env", "REDIS_APPENDFSYNC=never", "--memory", "96M", "--port",
                "\(port + 40)",
                code: "change_undone", exitCode: 5)
            #expect(answer.errors.contains("is as it was before: exited with status 1"), "\(answer.errors)")
            #expect(answer.errors.contains("REDIS_APPENDFSYNC is 'never'"), "the last lines: \(answer.errors)")
            #expect(try await platform.app("undone").state == "running")
            try await eventually("it answers at the old port") { (try? client.command("GET", "kept")) == "yes" }
            let memory = try await platform.cgroup(
                of: "undone", v1: ("memory", "memory.limit_in_bytes"), v2: "memory.max")
            #expect(memory == "\(64 << 20)")
            try await platform.must("push", "redis", "undone", "--memory", "96M")
            try await platform.must("restart", "undone")
            try await eventually("it answers") { (try? client.command("GET", "kept")) == "yes" }
            try await platform.clear("undone")
        }

        @Test("Whatever is killed while a change goes on, it ends, and no acknowledged write is lost")
        func killed() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "shaken", "--disk", "32M", "--memory", "64M")
            let client = RedisClient(port: try await platform.port(of: "shaken"))
            #expect(try client.command("SET", "kept", "yes") == "OK")
            for (round, victim) in ["server", "cell", "router"].enumerated() {
                try await platform.must("push", "redis", "shaken", "--env", "ROUND=\(round)", "--no-wait")
                try platform.kill(victim)
                try await eventually("the change ends") {
                    try await platform.events(of: "shaken").components(separatedBy: "rollout.ended").count == round + 2
                }
                try await platform.waitUntilHealthy("shaken")
                try await eventually("it answers") { (try? client.command("GET", "kept")) == "yes" }
            }
            let words = try await platform.events(of: "shaken")
            #expect(!words.contains("went back"), "\(words)")
            try await platform.clear("shaken")
        }
    }
}

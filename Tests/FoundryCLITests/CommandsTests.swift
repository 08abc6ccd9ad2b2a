import ArgumentParser
import Testing

@testable import foundry

@Suite("The commands' arguments")
struct CommandsTests {
    @Test("a push takes everything that it names")
    func push() throws {
        let command = try #require(
            try Foundry.parseAsRoot(
                [
                    "push", "postgres", "demo", "--disk", "1G", "--memory", "256", "--cpu", "0.5", "--env", "A=1",
                    "--env", "B=2", "--port", "20001",
                    "--target-port", "5432", "--mount", "/data", "--restart-policy", "available", "--ephemeral",
                    "--public", "--no-route",
                    "--no-start", "--no-wait", "--timeout", "5m", "--health-check-type", "http",
                    "--health-check-http-endpoint", "/health", "--health-check-timeout", "10s",
                    "--health-check-interval", "1s", "--health-check-invocation-timeout", "500ms",
                    "--readiness-health-check-type", "command", "--readiness-health-check-command", "test -e /ready",
                    "--output", "json", "--target", "abcdef",
                ]) as? PushCommand)
        #expect((command.image, command.name, command.disk) == ("postgres", "demo", "1G"))
        #expect(try command.environment.variables() == ["A": "1", "B": "2"])
        #expect(command.waiting.limit == nil)
        #expect(command.global.output == .json)
        #expect(command.global.target == "abcdef")
    }

    @Test("a push waits by default, for three minutes")
    func waits() throws {
        let command = try #require(try Foundry.parseAsRoot(["push", "redis"]) as? PushCommand)
        #expect(command.waiting.limit == .seconds(180))
    }

    @Test("every verb is known to the check for slips")
    func verbs() {
        for verb in ["push", "apps", "app", "logs", "events", "why", "version", "help"] {
            #expect(CommandRun.verbs.contains(verb))
        }
    }

    @Test("an error of usage points at the help of the command that was meant")
    func named() {
        #expect(CommandRun.named(["release", "install", "./store", "--nonsense"]) == ["release", "install"])
        #expect(CommandRun.named(["push", "release"]) == ["push"])
        #expect(CommandRun.named(["s", "a"]) == ["s"], "the short name of `services`")
        #expect(CommandRun.named(["nonsense"]).isEmpty && CommandRun.named([]).isEmpty)
    }

    @Test(
        "figures outside their limits are refused before anything is asked of a server",
        arguments: [
            ["logs", "demo", "--lines", "-1"], ["logs", "demo", "--lines", "10001"], ["events", "--limit", "0"],
            ["push", "x", "--timeout", "0"],
        ])
    func limits(words: [String]) {
        #expect(throws: (any Error).self) { try Foundry.parseAsRoot(words) }
    }
}

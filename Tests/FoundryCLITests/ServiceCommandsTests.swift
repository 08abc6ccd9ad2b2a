import ArgumentParser
import FoundryModel
import Testing

@testable import FoundryCommandLine
@testable import foundry

@Suite("The arguments of the commands of services")
struct ServiceCommandsTests {
    @Test("create-service takes the plan, parameters and the words of the contract")
    func create() throws {
        let command = try #require(
            try Foundry.parseAsRoot([
                "create-service", "postgresql", "small", "orders-db", "-c", #"{"max_connections": 200}"#, "--disk",
                "2G", "--memory", "512M", "--restart-policy", "available", "--disk-sync", "immediate",
                "--io-performance", "high", "--fence", "power", "--when-lost", "empty", "--no-wait", "--yes",
            ]) as? CreateServiceCommand)
        #expect((command.offering, command.plan, command.name) == ("postgresql", "small", "orders-db"))
        #expect(command.waiting.limit == nil)
        let body = try command.service.arguments.body()
        #expect(body.parameters == ["max_connections": .integer(200)])
        #expect(
            body.foundry
                == .init(
                    restartPolicy: "available", diskSync: "immediate", ioPerformance: "high", fence: "power",
                    whenLost: "empty", memory: "512M", disk: "2G"))
    }

    @Test("what was not said is not sent")
    func nothing() throws {
        let command = try #require(
            try Foundry.parseAsRoot(["update-service", "orders-db", "--upgrade"]) as? UpdateServiceCommand)
        #expect(command.upgrade && command.plan == nil)
        #expect(try command.service.arguments.body() == .init())
    }

    @Test(
        "short names are those of cf, and known to the check for slips",
        arguments: [
            (["m"], "marketplace"), (["cs", "o", "p", "n"], "create-service"), (["s"], "services"),
            (["ds", "n", "-f"], "delete-service"), (["bs", "a", "n"], "bind-service"),
            (["us", "a", "n"], "unbind-service"), (["csk", "n", "k"], "create-service-key"),
            (["sk", "n"], "service-keys"), (["dsk", "n", "k", "-f"], "delete-service-key"),
        ])
    func aliases(words: [String], name: String) throws {
        let command = try Foundry.parseAsRoot(words)
        #expect(type(of: command)._commandName == name)
        #expect(throws: Never.self) { try CommandWords.check(words, verbs: CommandRun.verbs) }
    }

    @Test("a rotated key's overlap is an hour unless it is said")
    func rotate() throws {
        let plain = try #require(
            try Foundry.parseAsRoot(["rotate-service-key", "n", "k"]) as? RotateServiceKeyCommand)
        #expect(plain.overlap.seconds == 3_600)
        let said = try #require(
            try Foundry.parseAsRoot(["rotate-service-key", "n", "k", "--overlap", "12h"]) as? RotateServiceKeyCommand)
        #expect(said.overlap.seconds == 43_200)
    }

    @Test("a drill takes plans, and writes a report")
    func drill() throws {
        let command = try #require(
            try Foundry.parseAsRoot([
                "release", "test", "redis", "--plan", "small", "--plan", "large", "--short", "--report", "r.json",
            ]) as? ReleaseTestCommand)
        #expect(command.release == "redis" && command.plan == ["small", "large"] && command.short)
    }
}

import Foundation
import FoundryEffects
import FoundryModel
import FoundryRouter
import FoundryRules
import Testing

extension PlatformTests {
    @Suite("Killed at every named point", .serialized)
    struct KillPointTests {
        /// Every effect of every shell, before and after.
        static let points: [String] = {
            let names =
                CellEffectName.allCases.filter { !$0.isOfManyCells && !$0.isOfServices }.map { "cell.\($0.rawValue)" }
                + RouterEffectName.allCases.map { "router.\($0.rawValue)" }
                + ControllerEffectName.allCases.filter { !$0.isOfManyCells && !$0.isOfServices }.map {
                    "controller.\($0.rawValue)"
                }
            return names.flatMap { ["\($0).before", "\($0).after"] }
        }()

        @Test(
            "Each point kills its process once while an app lives through all that can happen; nothing acknowledged is lost, and nothing is left over"
        )
        func everyPoint() async throws {
            try await TestPlatform.with("points") { platform in
                try await prepare(platform)
                try arm(platform)
                try await platform.up(patiently: true)
                // Through every point of a cell's start.
                try await platform.eventually(
                    "push", "redis", "keeper", "--disk", "64M", "--memory", "64M", limit: .seconds(240))
                try await platform.waitUntilHealthy("keeper")
                let process = try await platform.process(of: "keeper")
                let writer = NumberedWriter(port: try await platform.port(of: "keeper"))
                writer.start()

                try await live(platform, "victim", goesBack: true)
                try await getStuck(platform, "victim")
                try await live(platform, "victim")
                try await fillHistory(platform)

                let left = Set(try FileManager.default.contentsOfDirectory(atPath: platform.killPoints)).sorted()
                print(
                    "kill points: \(Self.points.count), reached: \(Self.points.count - left.count), records acknowledged: \(writer.acknowledgedCount)"
                )
                #expect(left.isEmpty, "these points were never reached")
                #expect(try await writer.stopAndVerify() == [], "acknowledged records are lost")
                #expect(writer.acknowledgedCount > 100)
                let processNow = try await platform.process(of: "keeper")
                #expect(processNow == process, "the keeper's process must have lived through all of it")
                try await platform.expectNoOrphans()
            }
        }

        /// A configuration whose history is short, and a store that does not know its cell yet: so pruning and the first report happen in the run.
        private func prepare(_ platform: TestPlatform) async throws {
            var configuration = try platform.configuration()
            let paths = try platform.paths()
            try await platform.must("down", "--data", platform.data)
            configuration.eventsKept = 20
            configuration.jobsKept = 5
            try JSONEncoder().encode(configuration).write(to: URL(fileURLWithPath: paths.configuration))
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: paths.store + suffix) }
            // Otherwise it is missed, and not made anew.
            try FileManager.default.removeItem(atPath: paths.generation)
        }

        private func arm(_ platform: TestPlatform) throws {
            for point in Self.points {
                try Data().write(to: URL(fileURLWithPath: "\(platform.killPoints)/\(point)"))
            }
        }

        /// One app's whole life: made, crashed, scaled, stopped, started, crashed, deleted and kept.
        ///
        /// - Parameter goesBack: it is cloned, too, and rewound.
        private func live(_ platform: TestPlatform, _ name: String, goesBack: Bool = false) async throws {
            try await platform.eventually(
                "push", "redis", name, "--disk", "64M", "--memory", "64M",
                "--io-performance", "low")
            try await platform.waitUntilHealthy(name)
            let connection = RedisClient(port: try await platform.port(of: name))
            try await eventually("\(name) answers") { (try? connection.command("PING")) == "PONG" }
            Glibc.kill(try await platform.process(of: name), SIGKILL)
            try await platform.waitUntilRestarted(name)
            try await eventually("\(name) answers") { (try? connection.command("PING")) == "PONG" }
            try await platform.eventually("scale", name, "--memory", "96M")
            try await platform.eventually("scale", name, "--disk", "80M", "--restart")
            try await platform.waitUntilHealthy(name)
            try await platform.eventually("snapshot", name)
            if goesBack { try await goBack(platform, name) }
            try await platform.removeSnapshots(of: name)
            try await platform.eventually("stop", name)
            try await platform.eventually("start", name)
            try await platform.waitUntilHealthy(name)
            Glibc.kill(try await platform.process(of: name), SIGKILL)
            try await platform.waitUntilRestarted(name)
            try await platform.remove(name, purge: false)
        }

        /// Cloned, and rewound to a snapshot that it has.
        private func goBack(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.eventually("clone", name, "\(name)-copy")
            try await platform.remove("\(name)-copy", purge: true)
            try await platform.eventually(
                "rewind", name, "--to", try await platform.anySnapshot(of: name), "--yes")
            try await platform.removeCopies(of: name)
        }

        /// Made, and stopped by SIGKILL only; then purged.
        private func getStuck(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.eventually("push", "redis", name, "--disk", "64M", "--memory", "64M")
            try await platform.waitUntilHealthy(name)
            // A stopped process does not take its stop signal: only SIGKILL ends it.
            Glibc.kill(try await platform.process(of: name), SIGSTOP)
            try await platform.remove(name, purge: true)
        }

        private func fillHistory(_ platform: TestPlatform) async throws {
            for _ in 0..<6 {
                try await platform.eventually("push", "redis", "brief", "--ephemeral", "--memory", "64M")
                try await platform.remove("brief", purge: true)
            }
        }
    }
}

extension TestPlatform {
    /// Killed daemons end a command with an error now and then: the next try finds the work done, or goes on with it.
    func up(patiently: Bool) async throws {
        try await eventually(upArguments[0], "--data", data)
    }

    func waitUntilRestarted(_ name: String) async throws {
        try await FoundryPlatformTests.eventually("\(name) is started again", within: .seconds(60)) {
            guard let member = try await self.app(name).members.first else { return false }
            return member.restarts > 0 && member.phase == "healthy"
        }
    }

    private struct Snapshots: Decodable {
        struct Snapshot: Decodable {
            var name: String
            var state: String
        }
        var resources: [Snapshot]
    }

    func removeSnapshots(of name: String) async throws {
        try await FoundryPlatformTests.eventually("no snapshot of \(name) is left", within: .seconds(60)) {
            let answer = try await self.foundry(["snapshots", name, "--output", "json"])
            guard answer.exitCode == 0,
                let list = try? JSONDecoder().decode(Snapshots.self, from: Data(answer.output.utf8))
            else { return false }
            for snapshot in list.resources { _ = try await self.foundry(["snapshot", "rm", name, snapshot.name]) }
            return list.resources.isEmpty
        }
    }

    func anySnapshot(of name: String) async throws -> String {
        var found: String?
        try await FoundryPlatformTests.eventually("there is a snapshot of \(name)", within: .seconds(60)) {
            let answer = try await self.foundry(["snapshots", name, "--output", "json"])
            guard answer.exitCode == 0 else { return false }
            let list = try? JSONDecoder().decode(Snapshots.self, from: Data(answer.output.utf8))
            found = list?.resources.first { $0.state == "taken" }?.name
            return found != nil
        }
        return found ?? ""
    }

    /// What its rewinds kept.
    func removeCopies(of name: String) async throws {
        struct Volumes: Decodable {
            struct Volume: Decodable {
                var guid: String
                var appName: String
                var phase: String
            }
            var resources: [Volume]
        }
        try await FoundryPlatformTests.eventually("no copy of \(name) is left", within: .seconds(60)) {
            let answer = try await self.foundry(["volumes", "--output", "json"])
            guard answer.exitCode == 0,
                let list = try? Self.decoder.decode(Volumes.self, from: Data(answer.output.utf8))
            else { return false }
            let copies = list.resources.filter { $0.appName == name && $0.phase == "forked" }
            for copy in copies { _ = try await self.foundry(["volume", "rm", copy.guid, "--purge", "--force"]) }
            return copies.isEmpty
        }
    }

    func remove(_ name: String, purge: Bool) async throws {
        let arguments = ["delete", name, "--force"] + (purge ? ["--purge"] : [])
        try await FoundryPlatformTests.eventually("\(name) is deleted", within: .seconds(120)) {
            let answer = try await self.foundry(arguments)
            return answer.exitCode == 0 || answer.exitCode == 3
        }
    }
}

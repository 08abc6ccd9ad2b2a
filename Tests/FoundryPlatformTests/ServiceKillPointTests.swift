import Foundation
import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

extension PlatformTests {
    @Suite("Services, killed at every named point", .serialized)
    struct ServiceKillPointTests {
        /// Every effect that only services have, and what is asked of them.
        static let points: [String] = {
            let asked = [
                "service.create", "service.update", "service.rename", "service.delete", "binding.create",
                "binding.delete",
            ]
            let names =
                CellEffectName.allCases.filter(\.isOfServices).map { "cell.\($0.rawValue)" }
                + ControllerEffectName.allCases.filter(\.isOfServices).map { "controller.\($0.rawValue)" }
                + (asked + ["job.finish"]).map { "controller.\($0)" }
            return names.flatMap { ["\($0).before", "\($0).after"] }
        }()

        private static let twins = """
            format: 1
            name: twins
            version: 1.0.0
            title: Twins
            description: Two that know each other's names.
            image: {local: "redis:7"}
            port: 6379
            data: /data
            cluster: {start: together}
            plans:
              two: {description: Two of 64 MB, members: 2, memory: 64M, cpu: 1, disk: 32M}
              one: {description: One of 64 MB, memory: 64M, cpu: 1, disk: 32M}
            binding:
              users: false
              credentials: {host: "{{host}}", port: "{{port}}"}
            """

        /// Run where the other stays.
        private static let leave = """
            #!/bin/sh
            echo "$FOUNDRY_LEAVING_NAME" >/data/left
            """

        @Test(
            "Each point kills once while instances live through all that can happen; nothing acknowledged is lost, nothing is left over"
        )
        func everyPoint() async throws {
            try await TestPlatform.with("service-points") { platform in
                try await platform.must("release", "install", "\(TestPlatform.releases)/redis", "--yes")
                try await platform.install("twins", manifest: Self.twins, verbs: ["leave": Self.leave])
                try await platform.must("push", "redis", "shop", "--ephemeral", "--memory", "64M")
                for point in Self.points {
                    try Data().write(to: URL(fileURLWithPath: "\(platform.killPoints)/\(point)"))
                }

                try await make(platform, "redis", "small", "box")
                try await bind(platform, "box")
                try await change(platform, "box")
                try await goBack(platform, "box")
                try await make(platform, "twins", "two", "pair")
                try await rename(platform, "pair", "couple")
                try await bindOften(platform, "couple")
                try await part(platform, "couple")
                try await unbind(platform, "box")
                for name in ["box", "couple"] { try await remove(platform, name) }

                let left = Set(try FileManager.default.contentsOfDirectory(atPath: platform.killPoints)).sorted()
                print("service kill points: \(Self.points.count), reached: \(Self.points.count - left.count)")
                #expect(left.isEmpty, "these points were never reached")
                try await expectNothing(platform)
            }
        }

        private func make(_ platform: TestPlatform, _ offering: String, _ plan: String, _ name: String) async throws {
            try await platform.insist(
                "create-service", offering, plan, name, "--memory", "64M", "--disk", "32M",
                until: { $0?.isSettled == true && $0?.lastOperation.state == "succeeded" }, of: name)
        }

        private func bind(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.insist(
                "bind-service", "shop", name,
                until: { $0?.isSettled == true && $0?.foundry.bindings.contains { $0.appName == "shop" } == true },
                of: name)
            try await platform.insist(
                "create-service-key", name, "me",
                until: { $0?.isSettled == true && $0?.foundry.bindings.contains { $0.name == "me" } == true }, of: name)
            try await write(platform, name, "first")
            // The one before it ends at once, and is unbound.
            _ = try await platform.foundry(["rotate-service-key", name, "me", "--overlap", "1s"])
            try await settle(platform, name)
            try await eventually("only one key is left", within: .seconds(90)) {
                try await platform.service(name)?.foundry.bindings.filter { $0.appName == nil }.count == 1
            }
            #expect(try await read(platform, name, "first") == "kept")
        }

        /// So often that what is left of it is forgotten in several steps.
        private func bindOften(_ platform: TestPlatform, _ name: String) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<4 {
                    group.addTask {
                        for key in 0..<14 { try await platform.must("create-service-key", name, "key-\(lane)-\(key)") }
                    }
                }
                try await group.waitForAll()
            }
        }

        private func change(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.insist(
                "update-service", name, "--memory", "80M", "--yes",
                until: { $0?.isSettled == true && $0?.foundry.memory == 80 << 20 }, of: name)
            #expect(try await read(platform, name, "first") == "kept")
        }

        /// The users of a binding are made again in the data that comes back; and a snapshot stays, which the end has to take along.
        private func goBack(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.eventually("snapshot", name)
            let kept = try await platform.anySnapshot(of: name)
            try await write(platform, name, "later")
            try await platform.eventually("rewind", name, "--to", kept, "--yes")
            try await settle(platform, name)
            #expect(try await read(platform, name, "first") == "kept")
            #expect(try await read(platform, name, "later") == "")
        }

        private func rename(_ platform: TestPlatform, _ name: String, _ other: String) async throws {
            try await platform.insist("rename-service", name, other, until: { $0?.isSettled == true }, of: other)
        }

        /// The second of two leaves the first.
        private func part(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.insist(
                "update-service", name, "-p", "one", "--memory", "64M", "--disk", "32M", "--yes",
                until: { $0?.isSettled == true && $0?.foundry.members.count == 1 }, of: name)
            #expect(try await platform.exec(name, "cat /data/left").output == "\(name)-1\n")
        }

        private func unbind(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.insist(
                "unbind-service", "shop", name,
                until: { $0?.foundry.bindings.contains { $0.appName == "shop" } == false }, of: name)
        }

        private func remove(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.insist("delete-service", name, "-f", until: { $0 == nil }, of: name)
        }

        private func settle(_ platform: TestPlatform, _ name: String) async throws {
            try await eventually("\(name) serves, and all its bindings", within: .seconds(120)) {
                try await platform.service(name)?.isSettled == true
            }
        }

        private func write(_ platform: TestPlatform, _ name: String, _ key: String) async throws {
            #expect(try await redis(platform, name, "SET", key, "kept") == "OK")
        }

        private func read(_ platform: TestPlatform, _ name: String, _ key: String) async throws -> String {
            try await redis(platform, name, "GET", key)
        }

        /// By the key, through the route, with TLS; asked again while there is no answer.
        private func redis(_ platform: TestPlatform, _ name: String, _ words: String...) async throws -> String {
            var said = ""
            try await eventually("\(name) answers", within: .seconds(60)) {
                let fields = try await platform.credentials(name, "me")
                let authority = "\(platform.root)/authority.pem"
                try (fields["ca"] ?? "").write(toFile: authority, atomically: true, encoding: .utf8)
                let command = [
                    "2", "redis-cli", "-h", fields["host"] ?? "", "-p", fields["port"] ?? "", "--tls", "--cacert",
                    authority,
                    "--user", fields["username"] ?? "", "--pass", fields["password"] ?? "", "--no-auth-warning", "-e",
                ]
                let output = try await Command().result("timeout", command + words)
                said = output.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
                return output.exitCode == 0
            }
            return said
        }

        /// Neither on the platform nor on the machine, but of the app.
        private func expectNothing(_ platform: TestPlatform) async throws {
            let services = try await platform.must("services", "--output", "json").json as? [String: Any]
            #expect((services?["resources"] as? [Any])?.isEmpty == true)
            #expect(try await platform.volumeList().isEmpty)
            try await platform.expectNoOrphans()
            #expect(try await records(platform, "/releases/") > 0)
            for name in ["/services/", "/bindings/"] { #expect(try await records(platform, name) == 0) }
        }

        /// In the store, by the beginning of their keys.
        private func records(_ platform: TestPlatform, _ beginning: String) async throws -> Int {
            let rows = try await platform.run(
                "sqlite3", "-readonly", try platform.paths().store,
                "select count(*) from kv where key like '\(beginning)%'")
            return try #require(Int(rows.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(rows.errors)")
        }
    }
}

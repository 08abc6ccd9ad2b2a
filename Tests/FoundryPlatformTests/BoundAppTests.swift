import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension PlatformTests {
    @Suite("Bound apps, and what stays secret", .serialized, .onePlatform("bound"))
    struct BoundAppTests {
        /// Of a redis app: one command to the service, by what lies in its directory.
        private static let client = """
            cd /bindings/box && REDISCLI_AUTH=$(cat password) timeout 5 redis-cli -e -h $(cat host) -p $(cat port) \\
                --tls --cacert ca --user $(cat username) --no-auth-warning
            """

        @Test(
            "A bound app finds its service by name, with credentials of its own; a stranger does not, and after unbind it does not either"
        )
        func reaches() async throws {
            let platform = try TestPlatform.current()
            try await begin(platform, "box")
            try await platform.must("push", "redis", "shop", "--ephemeral", "--memory", "64M")
            try await platform.must("push", "redis", "stranger", "--ephemeral", "--memory", "64M")
            try await platform.must("bind-service", "shop", "box")
            try await platform.must("restart", "shop")
            try await platform.waitUntilHealthy("shop")

            let port = try #require(try await platform.service("box")?.foundry.route?.port)
            for round in ["started", "restarted"] {
                let document = try #require(try await variable("VCAP_SERVICES", of: "shop", platform))
                let services = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: [[String: Any]]]
                let box = try #require(services?["redis"]?.first)
                #expect(box["instance_name"] as? String == "box")
                #expect((box["credentials"] as? [String: Any])?["port"] as? Int == port)
                let answer = try await platform.exec(
                    "shop", "\(Self.client) SET round \(round) && \(Self.client) GET round")
                #expect(answer.output == "OK\n\(round)\n", "\(answer.errors)")
                #expect(try await Machine.connects(to: gateway("shop"), port, from: platform.network(of: "shop")))
                try await platform.must("restart", "shop")
                try await platform.waitUntilHealthy("shop")
            }
            #expect(try await variable("VCAP_SERVICES", of: "stranger", platform) == nil)
            #expect(try await platform.exec("stranger", "ls /bindings").exitCode != 0)
            let network = try await platform.network(of: "stranger")
            #expect(try await !Machine.connects(to: gateway("stranger"), port, from: network))

            let before = try await platform.exec("shop", "cat /bindings/box/username /bindings/box/password").output
            try await platform.must("unbind-service", "shop", "box")
            try await eventually("the way is closed") {
                try await !Machine.connects(to: gateway("shop"), port, from: platform.network(of: "shop"))
            }
            let refused = try await platform.exec("shop", "\(Self.client) GET round")
            #expect(refused.exitCode != 0 && !refused.output.contains("restarted"))
            #expect(!before.isEmpty)
            try await platform.must("restart", "shop")
            try await platform.waitUntilHealthy("shop")
            #expect(try await variable("VCAP_SERVICES", of: "shop", platform) == nil)
            try await platform.clear("shop", "stranger")
            try await platform.must("delete-service", "box", "-f")
        }

        @Test("No secret of an instance or a binding is in the store, a journal, a log, an event or an argument")
        func secrets() async throws {
            let platform = try TestPlatform.current()
            try await begin(platform, "safe")
            async let seen = argumentsWhile { try await platform.must("create-service-key", "safe", "me") }
            let arguments = try await seen
            // A verb that fails is told, too: its words are no secret either.
            try await platform.refused("create-service-key", "safe", "me", code: "binding_taken", exitCode: 4)
            let credentials = try await platform.credentials("safe", "me")
            let files = try await platform.must(
                "exec", "safe", "--", "/bin/sh", "-c",
                "cat /foundry/secrets/admin_password; echo; sed -n 2p /foundry/tls/tls.key")
            let secrets = files.output.split(separator: "\n").map(String.init) + [credentials["password"] ?? ""]
            #expect(secrets.count == 3 && secrets.allSatisfy { $0.count >= 20 }, "there is nothing to look for")

            let audit = try await platform.must("audit", "--output", "json").output
            let texts = [arguments, try await platform.events(of: "safe"), audit]
            for secret in secrets {
                #expect(!texts.contains { $0.contains(secret) })
            }
            let data = platform.data
            for place in ["store.sqlite", "store.sqlite-wal", "journal", "log", "backups"] {
                let found = try await platform.run(
                    "grep", "-rlaF", "-f", "-", "\(data)/\(place)", input: secrets.joined(separator: "\n") + "\n")
                #expect(found.output == "", "a secret lies there")
            }
            // What is looked for is found where it is.
            let user = try #require(credentials["username"])
            let known = try await platform.run("grep", "-qaF", user, "\(data)/store.sqlite", "\(data)/store.sqlite-wal")
            #expect(known.exitCode == 0)
            try await platform.must("delete-service", "safe", "-f")
        }

        private func begin(_ platform: TestPlatform, _ name: String) async throws {
            try await platform.must("release", "install", "\(TestPlatform.releases)/redis", "--yes")
            try await platform.must("create-service", "redis", "small", name, "--memory", "64M", "--disk", "32M")
        }

        /// The arguments of all processes, again and again while something is done.
        private func argumentsWhile(_ work: @Sendable @escaping () async throws -> Void) async throws -> String {
            let done = Task { try await work() }
            let watch = Task.detached {
                var seen: Set<String> = []
                while !Task.isCancelled {
                    seen.formUnion(Machine.argumentLists())
                    await Task.yield()
                }
                return seen.joined(separator: "\n")
            }
            let result = await done.result
            watch.cancel()
            try result.get()
            return await watch.value
        }

        /// Of a program in a member.
        private func variable(_ name: String, of app: String, _ platform: TestPlatform) async throws -> String? {
            let variables = try await platform.exec(app, "env -0").output.split(separator: "\0")
            #expect(variables.contains { $0.hasPrefix("PATH=") })
            return variables.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
        }

        /// By which a member leaves its network.
        private func gateway(_ app: String) async throws -> String {
            let platform = try TestPlatform.current()
            let words = try await platform.run(
                "nsenter", "--net=\(try await platform.network(of: app))", "ip", "-4", "route", "show", "default"
            ).output.split(separator: " ")
            return String(try #require(words.dropFirst(2).first))
        }
    }
}

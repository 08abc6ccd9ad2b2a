import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension PlatformTests.OnePlatformTests {
    /// Over HTTPS as anybody would, not by our client.
    @Suite("Bad requests change nothing", .serialized)
    struct RawRequestTests {
        struct Reply {
            var status: Int
            var code: String?
            var message: String?
            var hint: String?
            var seconds: Double
        }

        static let apply = "/v3/spaces/default/actions/apply_manifest"

        @Test("Without its token, or with a wrong one, nothing is told", arguments: [nil, "", "wrong", "Bearer"])
        func token(_ token: String?) async throws {
            for (method, path) in [
                ("GET", "/foundry/v1/apps"), ("POST", Self.apply), ("GET", "/v3/apps"), ("DELETE", "/v3/apps/x"),
            ] {
                let reply = try await Self.send(method, path, body: method == "POST" ? "{}" : nil, token: token)
                #expect(reply.status == 401 && reply.code == "unauthenticated", "\(method) \(path): \(reply)")
            }
        }

        static let bodies: [(body: String, status: Int, code: String)] = [
            ("this is not JSON", 400, "not_json"),
            ("{\"applications\": [", 400, "not_json"),
            ("[]", 422, "wrong_type"),
            ("{}", 400, "bad_request"),
            ("{\"applications\": {}}", 422, "wrong_type"),
            ("{\"applications\": [{\"image\": 7}]}", 422, "wrong_type"),
            ("{\"applications\": [{\"name\": \"bad\", \"image\": \"redis\", \"port\": \"many\"}]}", 422, "wrong_type"),
            (
                "{\"applications\": [{\"name\": \"bad\", \"image\": \"redis\", \"ephemeral\": \"maybe\"}]}", 422,
                "wrong_type"
            ),
            ("{\"applications\": [{\"name\": \"bad\", \"image\": \"redis\", \"dsik\": \"1G\"}]}", 422, "unknown_field"),
            ("{\"applicatoins\": []}", 422, "unknown_field"),
        ]

        @Test("Each bad body is refused at once, with code, message and hint, and nothing changes")
        func body() async throws {
            let platform = try TestPlatform.current()
            let before = try await platform.fingerprint()
            for (body, status, code) in Self.bodies {
                let reply = try await Self.send("POST", Self.apply, body: body, token: try Self.rightToken())
                #expect(reply.status == status && reply.code == code, "\(body): \(reply)")
                #expect(reply.message?.isEmpty == false && reply.seconds < 1, "\(body): \(reply)")
            }
            let misspelt = try await Self.send(
                "POST", Self.apply, body: Self.bodies[8].body, token: try Self.rightToken())
            #expect("\(misspelt.message ?? "") \(misspelt.hint ?? "")".contains("disk"))
            #expect(try await platform.fingerprint() == before)
        }

        @Test("Ten megabytes of garbage are refused as too large, and the API answers on")
        func garbage() async throws {
            let platform = try TestPlatform.current()
            let before = try await platform.fingerprint()
            let file = platform.root + "/garbage"
            try await Command().run("dd", ["if=/dev/urandom", "of=\(file)", "bs=1M", "count=10"])
            let reply = try await Self.send("POST", Self.apply, body: "@\(file)", token: try Self.rightToken())
            #expect(reply.status == 413 && reply.code == "body_too_large", "\(reply)")
            #expect(reply.seconds < 2)
            #expect(try await platform.fingerprint() == before)
        }

        @Test("An unknown path and an unknown method are told apart")
        func path() async throws {
            let token = try Self.rightToken()
            let unknown = try await Self.send("GET", "/v3/nothing", token: token)
            #expect(unknown.status == 404 && unknown.code == "unknown_request")
            let method = try await Self.send("DELETE", "/foundry/v1/apps", token: token)
            #expect(method.status == 405 && method.code == "method_not_allowed")
            let app = try await Self.send("GET", "/foundry/v1/apps/00000000-0000-0000-0000-000000000000", token: token)
            #expect(app.status == 404 && app.code == "app_not_found")
        }

        private static func rightToken() throws -> String {
            try String(contentsOfFile: try TestPlatform.current().paths().token, encoding: .utf8).trimmingCharacters(
                in: .whitespacesAndNewlines)
        }

        private static func send(
            _ method: String, _ path: String, body: String? = nil, token: String?
        ) async throws -> Reply {
            struct Body: Decodable {
                struct Item: Decodable {
                    struct Ours: Decodable {
                        var code: String
                        var message: String
                        var hint: String?
                    }
                    var foundry: Ours
                }
                var errors: [Item]
            }
            let platform = try TestPlatform.current()
            let url = "https://127.0.0.1:\(try platform.configuration().apiPort)\(path)"
            var words = ["-s", "-k", "-m", "20", "-X", method, "-w", "\n%{http_code} %{time_total}", "-H", "Expect:"]
            if let body { words += ["-H", "Content-Type: application/json", "--data-binary", body] }
            // A token is no argument: it comes as a line of the configuration.
            let configuration =
                token.map {
                    $0 == "Bearer"
                        ? "header = \"Authorization: Bearer\"\n" : "header = \"Authorization: bearer \($0)\"\n"
                } ?? ""
            let output = try await Command().result("curl", words + ["-K", "-", url], input: configuration)
            let lines = output.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
            let end = lines.last?.split(separator: " ") ?? []
            guard end.count == 2, let status = Int(end[0]), let seconds = Double(end[1]) else {
                throw Failure("curl: \(output)")
            }
            let error = try? JSONDecoder().decode(Body.self, from: Data(lines.dropLast().joined(separator: "\n").utf8))
                .errors.first?.foundry
            return Reply(
                status: status, code: error?.code, message: error?.message, hint: error?.hint, seconds: seconds)
        }
    }
}

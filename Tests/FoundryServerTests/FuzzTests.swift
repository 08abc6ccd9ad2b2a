import Foundation
import FoundryModel
import Hummingbird
import Testing

@testable import FoundryServer

@Suite("Whatever a client sends, the server answers, and is not to blame", .timeLimit(.minutes(3)))
struct FuzzTests {
    @Test("random bodies", arguments: 1...6)
    func bodies(seed: UInt64) async throws {
        try await Bench.run { bench in
            var random = Dice(seed)
            for _ in 0..<300 {
                let body = random.body()
                let type = ["application/json", "application/x-yaml", "text/plain", nil][random.below(4)]
                let path = ["/v3/spaces/default/actions/apply_manifest", "/foundry/v1/spaces/default/plan"][
                    random.below(2)]
                let reply = try await bench.call(.post, path, bytes: body, type: type)
                #expect(
                    reply.status < 500,
                    "seed \(seed): \(String(decoding: body.prefix(300), as: UTF8.self)) gave \(reply.text)")
                if reply.status >= 400 { #expect(reply.error != nil, "\(reply.text)") }
            }
        }
    }

    @Test("random paths and queries", arguments: 1...3)
    func paths(seed: UInt64) async throws {
        try await Bench.run { bench in
            var random = Dice(seed)
            let guid = try await bench.push(bench.redis)
            for _ in 0..<500 {
                let path = random.path(guid)
                let reply = try await bench.call([.get, .post, .delete, .put, .patch][random.below(5)], path)
                #expect(reply.status < 500, "seed \(seed): \(path) gave \(reply.text)")
                if reply.status >= 400 { #expect(reply.error != nil, "\(path): \(reply.text)") }
            }
        }
    }
}

/// Numbers from a seed, and requests made of them.
private struct Dice {
    private static let words = [
        "applications", "name", "image", "docker", "memory", "disk", "env", "port", "routes", "route", "health-check",
        "interval", "<<", "version",
        "redis", "postgres", "demo", "127.0.0.1:1/x", "1G", "-1", "99999999999999999999", "1e400", "NaN", "true",
        "null", "~", "0x10", "", "é", "😀",
        "*a", "&a", "!!int", "? ", "|", ">", "- ", "{", "}", "[", "]", ":", ",", "\n", "\t", "\"", "'", "#", "%",
        "\\u0000", "\0", "---\n", "...\n",
    ]
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func body() -> [UInt8] {
        switch below(4) {
        case 0: return (0..<below(200)).map { _ in UInt8(truncatingIfNeeded: next()) }
        case 1:
            return Array(
                (0..<below(60)).map { _ in Self.words[below(Self.words.count)] }.joined(
                    separator: below(2) == 0 ? " " : ""
                ).utf8)
        case 2: return Array(#"{"applications":[\#(json(0))]}"#.utf8)
        default:
            var bytes = Array(
                "applications:\n- name: demo\n  image: redis\n  disk: 1G\n  env: {A: b}\n  port: 20000\n".utf8)
            for _ in 0..<below(6) { bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: next()) }
            return bytes
        }
    }

    private mutating func json(_ depth: Int) -> String {
        switch below(depth > 4 ? 4 : 6) {
        case 0: return "\(Int64(bitPattern: next()))"
        case 1: return "\"\(["redis", "1G", "a b", "é", ""][below(5)])\""
        case 2: return ["true", "null", "1.5", "1e300", "-0"][below(5)]
        case 3: return "\"\(Self.words[below(20)])\""
        case 4: return "[" + (0..<below(4)).map { _ in json(depth + 1) }.joined(separator: ",") + "]"
        default:
            return "{"
                + (0..<below(5)).map { _ in "\"\(Self.words[below(14)])\":\(json(depth + 1))" }.joined(separator: ",")
                + "}"
        }
    }

    mutating func path(_ guid: String) -> String {
        let parts = [
            "v3", "foundry", "v1", "apps", "processes", "jobs", "routes", guid, "actions", "start", "stop", "stats",
            "logs", "events", "why", "%2e%2e", "%00", "..", "é", "credentials",
        ]
        let path = "/" + (0..<(1 + below(5))).map { _ in parts[below(parts.count)] }.joined(separator: "/")
        guard below(2) == 0 else { return path }
        let keys = ["names", "guids", "page", "per_page", "order_by", "wait", "limit", "lines", "x", ""]
        return path + "?"
            + (0..<below(4)).map { _ in
                "\(keys[below(keys.count)])=\(["", "1", "-1", "a,b", "%41", "%4", "999999999999"][below(7)])"
            }.joined(separator: "&")
    }
}

import Foundation
import FoundryClient
import FoundryModel
import Hummingbird
import Testing

@testable import FoundryServer

@Suite("The status page", .timeLimit(.minutes(2)))
struct StatusPageTests {
    @Test("is one document without scripts, that shows apps, their state and disk, and what happened")
    func shown() async throws {
        try await Bench.run { bench in
            try await bench.push(bench.redis)
            let volume = try #require(bench.platform.view.volumes.keys.first)
            try await bench.measure(volume, cpu: 1, flushes: 1)
            let reply = try await bench.page(password: Bench.token)
            #expect(reply.status == 200 && reply.headers[.contentType] == "text/html; charset=utf-8")
            let html = String(decoding: reply.body, as: UTF8.self)
            let page = try XMLPage(html)
            #expect(!page.elements.contains("script") && !page.attributes.contains { $0.hasPrefix("on") })
            #expect(page.attributes.isDisjoint(with: ["src", "href", "action", "style"]), "nothing is loaded or sent")
            for text in ["demo", "running", "127.0.0.1:20000", "1000 B of 1.9 KiB", "app.pushed"] {
                #expect(page.text.contains(text), "\(text)")
            }
            let policy = try #require(reply.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"))
            let nonce = try #require(policy.firstMatch(of: /'nonce-([0-9a-f]+)'/)?.output.1)
            #expect(html.contains("<style nonce=\"\(nonce)\">"))
            #expect(try await bench.page(password: Bench.token).headers[.contentSecurityPolicy] != policy, "once each")
        }
    }

    @Test("asks for the token, and takes it as a browser sends it")
    func asks() async throws {
        try await Bench.run { bench in
            for password in [nil, "", "wrong", Bench.token + "0", ":" + Bench.token] {
                let reply = try await bench.page(password: password)
                #expect(reply.status == 401 && reply.headers[.wwwAuthenticate]?.hasPrefix("Basic realm=") == true)
                #expect(!String(decoding: reply.body, as: UTF8.self).contains("healthy"))
                _ = try XMLPage(String(decoding: reply.body, as: UTF8.self))
            }
            #expect(try await bench.page(password: Bench.token, user: "root").status == 401)
            // What a browser sends with every request opens nothing else, so no other page can use it.
            let basic = Bench.basic("token", Bench.token)
            for (method, path) in [(HTTPRequest.Method.get, "/v3/apps"), (.post, "/v3/apps/x/actions/stop")] {
                let reply = try await bench.call(method, path, token: nil, headers: [.authorization: basic])
                #expect(reply.status == 401)
            }
        }
    }

    @Test("other clients find Cloud Foundry's document at the root, without a token")
    func others() async throws {
        try await Bench.run { bench in
            for accept in [nil, "*/*", "application/json"] {
                let headers: HTTPFields = accept.map { [.accept: $0] } ?? [:]
                let reply = try await bench.call(.get, "/", token: nil, headers: headers)
                #expect(reply.status == 200 && reply.text.contains("cloud_controller_v3"))
            }
        }
    }

    @Test("what others said stays text, whatever it is")
    func escaped() throws {
        for odd in [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "&amp;&lt;", "a'b", "\u{0}\u{1b}[31m",
            "\u{202e}txt.exe", "</td></table>", "]]>", "<!--",
        ] {
            let page = try XMLPage("<body>\(HTMLText.table(["head"], [[odd]]))</body>")
            #expect(page.elements == ["body", "table", "thead", "tr", "th", "tbody", "td"])
            #expect(page.text.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
        }
    }
}

extension Bench {
    static func basic(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    /// As a browser asks.
    func page(password: String?, user: String = "token") async throws -> Reply {
        var headers: HTTPFields = [.accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]
        if let password { headers[.authorization] = Bench.basic(user, password) }
        return try await call(.get, "/", token: nil, headers: headers)
    }
}

/// A page read strictly: every element is closed in order, every attribute quoted, every ampersand begins a reference.
///
/// A parser of a few lines, since HTML that is also well-formed needs no more.
struct XMLPage {
    struct Wrong: Error, CustomStringConvertible { let description: String }

    private static let empty: Set<String> = ["meta"]

    private(set) var elements: Set<String> = []
    private(set) var attributes: Set<String> = []
    private(set) var text = ""

    init(_ html: String) throws {
        var open: [String] = []
        var rest = html[...]
        if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst("<!DOCTYPE html>".count) }
        while let first = rest.first {
            if let match = rest.prefixMatch(of: /<\/([a-z0-9]+)>/) {
                guard open.popLast() == String(match.output.1) else { throw Wrong(description: "\(match.output.0)") }
                rest = rest[match.range.upperBound...]
            } else if let match = rest.prefixMatch(of: /<([a-z0-9]+)((?: [a-z-]+="[^"<]*")*)>/) {
                let name = String(match.output.1)
                elements.insert(name)
                for attribute in match.output.2.matches(of: #/ ([a-z-]+)=/#) {
                    attributes.insert(String(attribute.output.1))
                }
                if !Self.empty.contains(name) { open.append(name) }
                rest = rest[match.range.upperBound...]
            } else if let match = rest.prefixMatch(of: /&(amp|lt|gt|quot|#39);/) {
                text += ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'"][String(match.output.1)] ?? ""
                rest = rest[match.range.upperBound...]
            } else {
                guard first != "<", first != "&" else { throw Wrong(description: "\(rest.prefix(60))") }
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        guard open.isEmpty else { throw Wrong(description: "not closed: \(open)") }
    }
}

import FoundryModel
import HTTPTypes
import Hummingbird
import NIOCore

/// The page for browsers, at the root. Other clients find Cloud Foundry's document there.
struct PageEndpoint: Sendable {
    let platform: Platform
    let gate: Gate

    /// Browsers name HTML; `*/*` alone means a program.
    static func isWanted(_ request: APIRequest) -> Bool { request.accepts?.contains("text/html") ?? false }

    func answer(_ request: APIRequest) async throws(FoundryError) -> Response {
        guard gate.checkBrowser(request.authorization) != nil else { return Self.question() }
        _ = try QueryReader(request.query, known: [])
        let nonce = Self.nonce()
        let html = await StatusPage(platform: platform, nonce: nonce).html()
        return Self.whole(html, nonce)
    }

    /// - Parameter html: told the nonce that allows its style.
    static func page(_ html: (String) -> String) -> Response {
        let nonce = nonce()
        return whole(html(nonce), nonce)
    }

    private static func whole(_ html: String, _ nonce: String) -> Response {
        Answer.whole(Array(html.utf8), contentType, protection(style: "'nonce-\(nonce)'"))
    }

    private static let contentType = "text/html; charset=utf-8"

    /// The browser asks its user, and comes again.
    static func question() -> Response {
        let page = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Service Foundry</title></head>
            <body><p>The user is <b>token</b>, the password the token of the platform: the file <b>token</b> in its data directory.</p></body></html>

            """
        var headers = protection(style: "'none'")
        headers[.wwwAuthenticate] = #"Basic realm="Service Foundry: user token, password the token", charset="UTF-8""#
        headers[.contentType] = contentType
        headers[.cacheControl] = "no-store"
        return Response(
            status: .unauthorized, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }

    /// Nothing is loaded, run, framed or sent; what a page is told by others can at most look odd.
    private static func protection(style: String) -> HTTPFields {
        var headers: HTTPFields = [
            .contentSecurityPolicy:
                "default-src 'none'; style-src \(style); base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
        for (name, value) in [("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin")] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }

    private static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
    }
}

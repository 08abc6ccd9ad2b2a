import FoundryModel
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A request that passed the hygiene checks, with what its endpoint's pattern found.
struct APIRequest: Sendable {
    let method: HTTPRequest.Method
    /// Without the query.
    let path: String
    /// By the pattern's names.
    let parameters: [String: String]
    let query: [QueryItem]
    /// Of the request, whole; empty where the endpoint takes it as it comes.
    let body: [UInt8]
    /// For an endpoint that takes it as it comes.
    let stream: RequestBody
    /// What the audit log shall know beside what every request says.
    let note: AuditNote
    let contentType: String?
    /// What it takes as an answer: the `Accept` header.
    let accepts: String?
    /// Secret.
    let authorization: String?
    /// Of a stream that is taken up again.
    let lastEventID: String?
    /// Of a client of the broker.
    let broker: BrokerHead?
    /// Before the path in absolute links: `https://127.0.0.1:8443`
    let base: String
    /// The name of the token; empty where none is asked for.
    let caller: String
    let channel: any Channel
    let logger: Logger

    /// The request's body and its answer go on side by side from now on, as long as both sides like: the connection is not held to what other
    /// requests may take.
    func beginsExchange() { channel.pipeline.fireUserInboundEventTriggered(ExchangeBegins()) }

    /// - Throws: the given error when the parameter has not the shape of an id: nothing has such an id.
    func id<Kind>(_ name: String, or missing: @autoclosure () -> FoundryError) throws(FoundryError) -> Identifier<Kind>
    {
        guard let text = parameters[name], let id = Identifier<Kind>(text) else { throw missing() }
        return id
    }
}

/// Filled in by an endpoint, read by the witness.
final class AuditNote: Sendable {
    private static let longest = 80
    private let text = Mutex<String?>(nil)

    var program: String? { text.withLock { $0 } }

    /// - Parameter program: as the request names it; what is not printable, or too long, is left out.
    func set(program: String) {
        let name = program.unicodeScalars.filter { (0x21..<0x7f).contains($0.value) }.prefix(Self.longest)
        text.withLock { $0 = String(name.map(Character.init)) }
    }
}

struct QueryItem: Hashable, Sendable {
    var name: String
    var value: String
}

/// What a request may ask of the server at most.
enum Limits {
    static let body = 1 << 20
    /// Of a cell or router.
    static let report = 16 << 20
    static let uri = 8 << 10
    static let query = 64
    /// Of a connection's request headers together.
    static let headers = 32 << 10
    static let headerCount = 100
    static let connections = 256
    /// Long polls and followed streams at once.
    static let waiting = 64
    /// What a request may take that is not a long poll.
    static let time = Duration.seconds(30)
    /// Between two signs of life of a stream.
    static let heartbeatMilliseconds: Int64 = 5_000
}

import Hummingbird
import NIOCore

/// What Hummingbird hands to a responder beside the request: the connection, for the peer's certificate.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

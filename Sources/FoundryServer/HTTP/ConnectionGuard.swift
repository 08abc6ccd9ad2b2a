import FoundryModel
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Ends connections that misbehave below what a handler sees: a request that takes too long to arrive, a body without end, a client that
/// does not read, a request that goes on when the server goes. Answers what is no HTTP in words.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// From its head to its end.
    private static let arrival = TimeAmount.seconds(30)
    /// That a client may leave an answer unread.
    private static let unread = TimeAmount.seconds(30)
    /// For a request that is on its way when the server goes.
    private static let leave = TimeAmount.seconds(2)
    /// Beyond the limit, bytes are read and dropped, so that the client reads the refusal; not for ever.
    private static let body = 32 << 20

    private var bytes = 0
    private var isExchanging = false
    private var requests = 0
    private var isOver = false
    private var arriving: Scheduled<Void>?
    private var writing: Scheduled<Void>?
    private var leaving: Scheduled<Void>?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            bytes = 0
            isExchanging = false
            requests += 1
            arriving?.cancel()
            arriving = close(context, after: Self.arrival)
        case .body(let part):
            bytes += part.readableBytes
            guard bytes <= Self.body || isExchanging else {
                context.close(promise: nil)
                return
            }
        case .end:
            arriving?.cancel()
            arriving = nil
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { requests -= 1 }
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writing?.cancel()
        writing = context.channel.isWritable ? nil : close(context, after: Self.unread)
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isOver else { return }
        guard error is HTTPParserError, requests == 0 else {
            context.fireErrorCaught(error)
            return
        }
        isOver = true
        let body = Answer.errorBody(
            FoundryError(
                .badRequest, "This is not a request that the platform reads.", detail: "\(error)",
                hint: "HTTP/1.1, headers of at most 32 KiB"))
        let fields: HTTPFields = [
            .contentType: "application/json; charset=utf-8", .contentLength: "\(body.count)", .connection: "close",
        ]
        context.write(wrapOutboundOut(.head(HTTPResponse(status: .badRequest, headerFields: fields))), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in loopBound.value.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, leaving == nil { leaving = close(context, after: Self.leave) }
        if event is ExchangeBegins {
            isExchanging = true
            arriving?.cancel()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    private func cancel() {
        for timer in [arriving, writing, leaving] { timer?.cancel() }
    }

    private func close(_ context: ChannelHandlerContext, after time: TimeAmount) -> Scheduled<Void> {
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: time) { loopBound.value.close(promise: nil) }
    }
}

/// A request's body and its answer go on side by side, both for as long as they like.
struct ExchangeBegins: Sendable {}

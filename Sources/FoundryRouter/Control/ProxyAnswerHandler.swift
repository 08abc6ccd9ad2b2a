import FoundryModel
import NIOCore

/// One command and where its answer goes.
struct ProxyRequest: Sendable {
    var command: String
    var limit: TimeAmount
    var answer: EventLoopPromise<String>
}

/// HAProxy's socket in interactive mode: a line goes out, and text ending with a prompt comes back. One command at a time.
///
/// Whatever leaves the two sides out of step (too late, too much, unasked) closes the connection.
final class ProxyAnswerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    static let limit = 4 << 20
    static let prompt = "\n> "

    /// nil once the channel is closed.
    private var context: ChannelHandlerContext?
    private var answer: EventLoopPromise<String>?
    private var timer: Scheduled<Void>?
    private var received = ByteBuffer()

    /// Sends a command; on the channel's event loop. The request's answer always comes, as text or as `ProxyFailure`.
    func ask(_ request: ProxyRequest) {
        guard answer == nil, let context else { return request.answer.fail(ProxyFailure.gone) }
        answer = request.answer
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: request.limit) {
            self.fail(.late(request.command), context: context)
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request.command + "\n")), promise: nil)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        take()?.fail(ProxyFailure.gone)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var chunk = unwrapInboundIn(data)
        received.writeBuffer(&chunk)
        guard answer != nil else { return fail(.unasked, context: context) }
        guard received.readableBytes <= Self.limit else { return fail(.tooLong, context: context) }
        guard received.readableBytesView.suffix(Self.prompt.utf8.count).elementsEqual(Self.prompt.utf8) else { return }
        let text = String(buffer: received).dropLast(Self.prompt.count)
        received.clear()
        take()?.succeed(String(text))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.gone, context: context)
    }

    private func fail(_ failure: ProxyFailure, context: ChannelHandlerContext) {
        take()?.fail(failure)
        context.close(promise: nil)
    }

    private func take() -> EventLoopPromise<String>? {
        timer?.cancel()
        timer = nil
        defer { answer = nil }
        return answer
    }
}

/// Why no answer came.
enum ProxyFailure: Error {
    case gone
    case late(String)
    case tooLong
    case unasked

    var error: FoundryError {
        switch self {
        case .gone: FoundryError(.commandFailed, "HAProxy does not answer.")
        case .late(let command): FoundryError(.timedOut, "HAProxy did not answer in time.", detail: command)
        case .tooLong:
            FoundryError(.commandFailed, "HAProxy's answer is longer than \(ProxyAnswerHandler.limit) bytes.")
        case .unasked: FoundryError(.commandFailed, "HAProxy spoke without being asked.")
        }
    }
}

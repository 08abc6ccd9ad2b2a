import FoundryModel
import NIOCore
import NIOPosix

/// A connection to HAProxy's socket that stays open: its end tells that HAProxy is gone.
final class ProxyConnection: Sendable {
    static let answerLimit = TimeAmount.seconds(2)

    /// One thread for all of them, as long as the process lives.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let channel: any Channel
    private let handler: NIOLoopBound<ProxyAnswerHandler>

    private init(_ channel: any Channel, _ handler: NIOLoopBound<ProxyAnswerHandler>) {
        self.channel = channel
        self.handler = handler
    }

    var isOpen: Bool { channel.isActive }

    /// - Parameter onEnd: called once, when the connection has ended for whatever reason.
    /// - Throws: `command_failed` when nobody listens; `timed_out`.
    static func open(
        _ path: String, onEnd: @escaping @Sendable () -> Void
    ) async throws(FoundryError) -> ProxyConnection {
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(answerLimit)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ProxyAnswerHandler())
                    }
                }
                .connect(unixDomainSocketPath: path).get()
            let handler = try await channel.eventLoop.submit {
                NIOLoopBound(
                    try channel.pipeline.syncOperations.handler(type: ProxyAnswerHandler.self),
                    eventLoop: channel.eventLoop)
            }.get()
            channel.closeFuture.whenComplete { _ in onEnd() }
            let connection = ProxyConnection(channel, handler)
            do { _ = try await connection.ask("prompt") } catch {
                connection.close()
                throw error
            }
            return connection
        } catch let error as FoundryError {
            throw error
        } catch {
            throw FoundryError(.commandFailed, "HAProxy does not answer.", detail: "\(path): \(error)")
        }
    }

    /// Sends a command and waits for its answer: the text without the prompt.
    ///
    /// HAProxy tells errors as text too: see `ProxyControl`.
    func ask(_ command: String) async throws(FoundryError) -> String {
        let answer = channel.eventLoop.makePromise(of: String.self)
        let request = ProxyRequest(command: command, limit: Self.answerLimit, answer: answer)
        channel.eventLoop.execute { [handler] in handler.value.ask(request) }
        do {
            return try await answer.futureResult.get()
        } catch {
            throw (error as? ProxyFailure ?? .gone).error
        }
    }

    func close() { channel.close(mode: .all, promise: nil) }
}

import FoundryEffects
import NIOCore
import NIOPosix
import Synchronization

/// A client of a route.
final class TestClient: Sendable {
    private let channel: any Channel
    private let text: Received

    var received: String { text.value.withLock { $0 } }
    var isOpen: Bool { channel.isActive }

    private init(_ channel: any Channel, _ text: Received) {
        self.channel = channel
        self.text = text
    }

    static func connect(_ port: Int) async throws -> TestClient {
        let text = Received()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(text: text))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TestClient(channel, text)
    }

    /// Who answers at the port; nil when the connection is closed without a word.
    static func whoAnswers(_ port: Int) async throws -> String? {
        guard let client = try? await connect(port) else { return nil }
        defer { client.close() }
        try await eventually("an answer or an end") { !client.isOpen || !client.received.isEmpty }
        return client.received.isEmpty ? nil : client.received
    }

    func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)).get() }

    func close() { channel.close(mode: .all, promise: nil) }

    final class Received: Sendable {
        let value = Mutex("")
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let text: Received

        init(text: Received) { self.text = text }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let chunk = String(buffer: unwrapInboundIn(data))
            text.value.withLock { $0 += chunk }
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

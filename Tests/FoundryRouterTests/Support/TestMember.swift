import FoundryModel
import NIOCore
import NIOPosix
import Testing

/// A member's program: it says its name to whoever connects, then echoes.
struct TestMember {
    let id: String
    let channel: any Channel

    static func start(_ id: String) async throws -> TestMember {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Greeter(id: id))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TestMember(id: id, channel: channel)
    }

    func target(epoch: UInt64) throws -> RouteTarget {
        RouteTarget(
            member: try #require(MemberID(id)), address: "127.0.0.1", port: try #require(channel.localAddress?.port),
            epoch: Epoch(epoch))
    }

    private final class Greeter: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let id: String

        init(id: String) { self.id = id }

        func channelActive(context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: id)), promise: nil)
        }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.writeAndFlush(data, promise: nil) }
    }
}

import FoundryModel
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A connection to a syslog server, over TCP or TLS. What the server says is passed over; its end is noticed.
struct SyslogConnection: Sendable {
    private static let limit = TimeAmount.seconds(10)

    private let channel: any Channel
    private let fault: Fault

    /// - Parameter authorities: a PEM file of further authorities to trust; nil: those of the machine only.
    static func open(_ target: LogDrainTarget, authorities: String?) async throws -> SyslogConnection {
        let tls = target.isTLS ? try context(authorities) : nil
        let isAddress = (try? SocketAddress(ipAddress: target.host, port: target.port)) != nil
        let fault = Fault()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(limit)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : target.host))
                    }
                    try channel.pipeline.syncOperations.addHandler(SilentReader(fault))
                }
            }
        let channel = try await bootstrap.connect(host: target.host, port: target.port).get()
        return SyslogConnection(channel: channel, fault: fault)
    }

    /// Returns when the machine has taken the bytes; over TLS after the server was found to be the one that is meant.
    func send(_ bytes: [UInt8]) async throws {
        guard channel.isActive else { throw fault.first ?? ChannelError.ioOnClosedChannel }
        let sent = channel.eventLoop.makePromise(of: Void.self)
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: sent)
        // A server that takes nothing for so long is left.
        let patience = channel.eventLoop.scheduleTask(in: Self.limit) { [channel] in channel.close(promise: nil) }
        defer { patience.cancel() }
        // What broke the connection says more than that it is closed.
        do { try await sent.futureResult.get() } catch { throw fault.first ?? error }
    }

    func close() { channel.close(promise: nil) }

    private static func context(_ authorities: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities { configuration.additionalTrustRoots = [.file(authorities)] }
        return try NIOSSLContext(configuration: configuration)
    }
}

/// What went wrong first on a connection.
private final class Fault: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    var first: (any Error)? { error.withLock { $0 } }

    func note(_ error: any Error) { self.error.withLock { $0 = $0 ?? error } }
}

/// Ends the channel when anything goes wrong.
private final class SilentReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let fault: Fault

    init(_ fault: Fault) { self.fault = fault }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fault.note(error)
        context.close(promise: nil)
    }
}

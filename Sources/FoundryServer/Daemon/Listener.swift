import FoundryModel
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix

/// One port and what answers there.
enum Listener {
    /// HTTP/1.1 over TLS on the loopback address.
    ///
    /// - Parameter onRunning: told the port, which differs from the one asked for only when that was 0.
    /// - Throws: `configuration_invalid` when the certificates are of no use.
    static func application(
        _ responder: APIResponder, port: Int, tls: TLSConfiguration, group: any EventLoopGroup, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(FoundryError) -> Application<APIResponder> {
        do {
            return Application(
                responder: responder, server: try .tls(.http1(configuration: http), tlsConfiguration: tls),
                configuration: ApplicationConfiguration(
                    address: .hostname("127.0.0.1", port: port),
                    availableConnectionsDelegate: MaximumAvailableConnections(Limits.connections, logger: logger)),
                onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) },
                eventLoopGroupProvider: .shared(group), logger: logger)
        } catch {
            throw FoundryError(
                .configurationInvalid, "The server's certificates are of no use.", detail: "\(error)",
                hint: "foundry doctor")
        }
    }

    /// Without TLS: the same limits, for tests of what lies above it.
    static var http: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard()], idleTimeout: .seconds(75),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: Limits.headers, maxHeaderListSize: Limits.headers,
                maxHeaderFieldCount: Limits.headerCount))
    }
}

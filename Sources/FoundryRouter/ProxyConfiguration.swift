import FoundryEffects
import FoundryModel
import FoundryRules

/// HAProxy's configuration file: one frontend per scope on a port range, a map from port to backend, and an empty backend for each port.
///
/// It is written once, before HAProxy starts, and never for a route: those come and go over the socket.
public enum ProxyConfiguration {
    /// Connections through HAProxy at a time. Each needs two of HAProxy's file descriptors, which it takes from the hard limit.
    public static let connectionLimit = 4_000

    /// Writes the file and the empty maps that it names.
    ///
    /// - Throws: `configuration_invalid` when they cannot be written.
    public static func install(configuration: PlatformConfiguration, paths: Paths) throws(FoundryError) {
        do {
            for map in ProxyLayout(configuration: configuration, paths: paths).maps.values.sorted() {
                try DurableFile.write([], to: map)
            }
            try DurableFile.write(render(configuration: configuration, paths: paths).utf8, to: paths.proxyConfiguration)
        } catch {
            throw FoundryError(
                .configurationInvalid, "HAProxy's configuration cannot be written.",
                detail: "\(paths.proxyConfiguration): \(error)")
        }
    }

    /// The text of `haproxy.cfg`.
    public static func render(configuration: PlatformConfiguration, paths: Paths) -> String {
        let layout = ProxyLayout(configuration: configuration, paths: paths)
        let scopes = RouteScope.allCases.compactMap { scope -> String? in
            guard let ports = layout.ports[scope], let map = layout.maps[scope] else { return nil }
            return frontend(scope, address: address(of: scope, configuration.routes), ports: ports, map: map)
        }
        return ([global(layout), defaults] + scopes).joined(separator: "\n")
    }

    private static func address(of scope: RouteScope, _ routes: RouteConfiguration) -> String {
        switch scope {
        case .loopback: "127.0.0.1"
        case .public: routes.publicRange?.address ?? "127.0.0.1"
        }
    }

    /// One thread is enough for gigabits and keeps it small. The socket is bound before the user is changed: it belongs to root.
    private static func global(_ layout: ProxyLayout) -> String {
        """
        # Written by foundry; changes are lost.
        global
            stats socket \(layout.socket) mode 0600 level admin
            stats timeout 20d
            maxconn \(connectionLimit)
            nbthread 1
            user haproxy
            group haproxy

        """
    }

    /// A database's connection may idle for days: dead peers are found by the kernel's keep-alive, after two minutes. A connection that fails is not
    /// tried again: by then the port may be another member's.
    private static let defaults = """
        defaults
            mode tcp
            balance roundrobin
            timeout connect 2s
            timeout client 20d
            timeout server 20d
            retries 0
            option clitcpka
            clitcpka-idle 60s
            clitcpka-intvl 10s
            clitcpka-cnt 6
            option srvtcpka
            srvtcpka-idle 60s
            srvtcpka-intvl 10s
            srvtcpka-cnt 6

        """

    private static func frontend(_ scope: RouteScope, address: String, ports: ClosedRange<Int>, map: String) -> String {
        let backends = ports.map { "backend \(RouteSlot(scope: scope, port: $0))\n" }.joined()
        return """
            frontend \(scope.rawValue)
                bind \(address.contains(":") ? "ipv6@" : "")\(address):\(ports.lowerBound)-\(ports.upperBound)
                tcp-request connection reject unless { dst_port,map(\(map)) -m found }
                use_backend %[dst_port,map(\(map))]

            \(backends)
            """
    }
}

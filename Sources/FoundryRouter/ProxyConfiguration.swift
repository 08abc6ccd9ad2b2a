import FoundryEffects
import FoundryModel
import FoundryRules

/// HAProxy's configuration file: one frontend per scope on a port range, a map from port to backend, and an empty backend for each port.
///
/// It is written once, before HAProxy starts, and never for a route: those come and go over the socket.
public enum ProxyConfiguration {
    /// Writes the file and the empty maps that it names.
    ///
    /// - Throws: `configuration_invalid` when they cannot be written.
    public static func install(
        configuration: PlatformConfiguration, paths: Paths, limits: ProxyLimits
    ) throws(FoundryError) {
        do {
            for map in ProxyLayout(configuration: configuration, paths: paths).maps.values.sorted() {
                try DurableFile.write([], to: map)
            }
            let text = render(configuration: configuration, paths: paths, limits: limits)
            try DurableFile.write(text.utf8, to: paths.proxyConfiguration)
        } catch {
            throw FoundryError(
                .configurationInvalid, "HAProxy's configuration cannot be written.",
                detail: "\(paths.proxyConfiguration): \(error)")
        }
    }

    /// The text of `haproxy.cfg`.
    public static func render(configuration: PlatformConfiguration, paths: Paths, limits: ProxyLimits) -> String {
        let layout = ProxyLayout(configuration: configuration, paths: paths)
        let scopes = RouteScope.allCases.compactMap { scope -> String? in
            guard let ports = layout.ports[scope], let map = layout.maps[scope] else { return nil }
            return frontend(scope, binds(scope, ports, configuration), ports, map, limits)
        }
        return ([global(layout, limits), defaults] + scopes).joined(separator: "\n")
    }

    /// Routes of this machine are reached at the members' gateway too, by those that are bound to them: the firewall decides who that is. That address
    /// is there only while a member has an interface, so the ports are bound to it as to another's.
    private static func binds(
        _ scope: RouteScope, _ ports: ClosedRange<Int>, _ configuration: PlatformConfiguration
    ) -> String {
        let own = bind(address(of: scope, configuration.routes), ports)
        switch scope {
        case .loopback: return "\(own)\n    \(bind("\(configuration.subnet).1", ports)) transparent"
        case .public: return own
        }
    }

    private static func bind(_ address: String, _ ports: ClosedRange<Int>) -> String {
        "bind \(address.contains(":") ? "ipv6@" : "")\(address):\(ports.lowerBound)-\(ports.upperBound)"
    }

    private static func address(of scope: RouteScope, _ routes: RouteConfiguration) -> String {
        switch scope {
        case .loopback: "127.0.0.1"
        case .public: routes.publicRange?.address ?? "127.0.0.1"
        }
    }

    /// The socket is bound before the user is changed: it belongs to root.
    private static func global(_ layout: ProxyLayout, _ limits: ProxyLimits) -> String {
        """
        # Written by foundry; changes are lost.
        global
            stats socket \(layout.socket) mode 0600 level admin
            stats timeout 20d
            maxconn \(limits.connections)
            nbthread \(limits.threads)
            user haproxy
            group haproxy

        """
    }

    /// A database's connection may idle for days: dead peers are found by the kernel's keep-alive, after two minutes. A connection that fails is not
    /// tried again: by then the port may be another member's.
    private static let defaults = """
        defaults
            mode tcp
            balance leastconn
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

    /// Connections are counted by their port; one that is too much is refused, and those before it stay.
    private static func frontend(
        _ scope: RouteScope, _ binds: String, _ ports: ClosedRange<Int>, _ map: String, _ limits: ProxyLimits
    ) -> String {
        let backends = ports.map { "backend \(RouteSlot(scope: scope, port: $0))\n" }.joined()
        return """
            frontend \(scope.rawValue)
                \(binds)
                stick-table type integer size \(ports.count) store conn_cur
                tcp-request connection reject unless { dst_port,map(\(map)) -m found }
                tcp-request connection track-sc0 dst_port
                tcp-request connection reject if { sc0_conn_cur gt \(limits.connectionsOfRoute) }
                use_backend %[dst_port,map(\(map))]

            \(backends)
            """
    }
}

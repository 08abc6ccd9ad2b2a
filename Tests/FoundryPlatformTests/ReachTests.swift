import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Who reaches a member", .serialized)
    struct ReachTests {
        @Test(
            "Two Redis on port 6379 live side by side, each with its own data; neither reaches the other, nor the machine",
            .proves(.membersApart))
        func sideBySide() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "left", "--disk", "32M", "--memory", "64M")
            try await platform.must("push", "redis", "right", "--disk", "32M", "--memory", "64M")
            let (left, right) = (
                RedisClient(port: try await platform.port(of: "left")),
                RedisClient(port: try await platform.port(of: "right"))
            )
            #expect(try left.command("SET", "who", "left") == "OK")
            #expect(try right.command("SET", "who", "right") == "OK")
            #expect(try left.command("GET", "who") == "left")

            let network = try await platform.network(of: "left")
            let (own, other) = (try await Self.address("left"), try await Self.address("right"))
            #expect(try await Machine.connects(to: own, 6379, from: network), "a member reaches itself")
            #expect(try await Machine.connects(to: other, 6379), "the machine reaches members")
            #expect(try await Machine.connects(to: other, 6379, from: network) == false)

            let listener = try HostListener()
            let gateway = try platform.configuration().subnet + ".1"
            for address in [gateway, Machine.outsideAddress] {
                #expect(try await Machine.connects(to: address, listener.port), "the machine reaches itself")
                #expect(try await Machine.connects(to: address, listener.port, from: network) == false, "\(address)")
            }
        }

        @Test(
            "A route listens on loopback and at the gateway, and is reached from this machine only",
            .proves(.reachedFromHere))
        func loopback() async throws {
            let platform = try TestPlatform.current()
            let port = try await platform.port(of: "left")
            let gateway = try platform.configuration().subnet + ".1"
            #expect(try Machine.listeners(on: port) == ["127.0.0.1", gateway])
            for address in ["127.0.0.1", gateway] {
                #expect(try await Machine.connects(to: address, port), "\(address)")
            }
            #expect(try await Machine.connects(to: Machine.outsideAddress, port) == false)

            let network = try await platform.network(of: "right")
            #expect(try await Machine.connects(to: gateway, port, from: network) == false, "nobody bound it")
            let listener = try HostListener()
            let reached = try await Neighbour.with { neighbour in
                // Whoever sits beside this machine may send it what is for any of its addresses.
                #expect(try await Machine.connects(to: neighbour.host, listener.port, from: neighbour.network))
                return try await Machine.connects(to: gateway, port, from: neighbour.network)
            }
            #expect(reached == false, "a neighbour reaches the gateway")
        }

        @Test("A public route answers on the public address, when it is asked for", .proves(.reachedFromOutside))
        func publicRoute() async throws {
            let platform = try TestPlatform.current()
            let pushed = try await platform.must("push", "redis", "open", "--ephemeral", "--memory", "64M", "--public")
            let route = try #require(try await platform.app("open").route)
            #expect(route.host == Machine.outsideAddress)
            #expect(pushed.output.contains("It is reached at \(Machine.outsideAddress):\(route.port), by everybody"))
            #expect(try Machine.listeners(on: route.port) == [Machine.outsideAddress])
            #expect(try await Self.answers(route, platform))
            try await platform.clear("open", "left", "right")
            #expect(try await Self.answers(route, platform) == false)
        }

        private static func answers(_ route: AppView.Route, _ platform: TestPlatform) async throws -> Bool {
            try await platform.run("timeout", "2", "redis-cli", "-h", route.host, "-p", "\(route.port)", "PING").output
                == "PONG\n"
        }

        private static func address(_ name: String) async throws -> String {
            try #require(try await TestPlatform.current().app(name).members.first?.address)
        }
    }
}

/// Listens on every address of the machine, on a port of the kernel's choice.
final class HostListener {
    let port: Int
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isListening else { throw Failure("no port to listen on") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}

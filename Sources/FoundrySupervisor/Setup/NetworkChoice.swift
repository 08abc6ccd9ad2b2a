import FoundryModel

/// What an installation takes of the machine's ports and addresses.
struct NetworkClaim: Hashable, Sendable {
    var ports: [ClosedRange<Int>]
    /// `10.77.3`
    var subnet: String

    init(ports: [ClosedRange<Int>], subnet: String) {
        self.ports = ports
        self.subnet = subnet
    }

    init(_ configuration: PlatformConfiguration) {
        ports = [configuration.apiPort...configuration.apiPort, configuration.cellPort...configuration.cellPort]
        ports += [configuration.routes.ports(of: .loopback), configuration.routes.ports(of: .public)].compactMap { $0 }
        subnet = configuration.subnet
    }
}

/// An IPv4 network that something on the machine uses.
struct IPv4Network: Hashable, Sendable {
    var address: UInt32
    var mask: UInt32

    func overlaps(_ other: IPv4Network) -> Bool {
        let common = mask & other.mask
        return address & common == other.address & common
    }

    /// The main table's routes, without the default one.
    ///
    /// - Parameter text: `/proc/net/route`: hexadecimal numbers in the byte order of the machine.
    static func routes(parsing text: String) -> [IPv4Network] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard fields.count > 7, let address = UInt32(fields[1], radix: 16), let mask = UInt32(fields[7], radix: 16),
                mask != 0
            else { return nil }
            return IPv4Network(address: UInt32(bigEndian: address), mask: UInt32(bigEndian: mask))
        }
    }
}

/// Finds ports and a subnet that nothing else on the machine uses. Decides only; the facts are given.
enum NetworkChoice {
    static let preferredAPIPort = 7480
    static let preferredRoutes = 20_000...20_199

    /// The first pair of neighbouring ports, for the API and for the cells.
    ///
    /// - Parameter isPreferred: the first pair and range are tried first; another data directory leaves them to the usual one.
    static func apiPort(isPreferred: Bool, claims: [NetworkClaim], isFree: (Int) -> Bool) -> Int? {
        let first = isPreferred ? preferredAPIPort : preferredAPIPort + 2
        return stride(from: first, through: 9998, by: 2).first { port in
            !isClaimed(port...(port + 1), claims) && isFree(port) && isFree(port + 1)
        }
    }

    /// The first block of 200 ports below those that the kernel gives out by itself.
    static func routes(isPreferred: Bool, claims: [NetworkClaim], isFree: (Int) -> Bool) -> ClosedRange<Int>? {
        let size = preferredRoutes.count
        let first = isPreferred ? preferredRoutes.lowerBound : preferredRoutes.upperBound + 1
        return stride(from: first, through: 32_768 - size, by: size).lazy.map { $0...($0 + size - 1) }
            .first { range in !isClaimed(range, claims) && range.allSatisfy(isFree) }
    }

    /// A /24 of 10.64.0.0/10, the same for the same instance as long as nothing else has it.
    static func subnet(instance: String, claims: [NetworkClaim], routes: [IPv4Network]) -> String? {
        let seed = Int(instance, radix: 16) ?? 0
        let taken = Set(claims.map(\.subnet))
        return (0..<(64 * 256)).lazy.map { step in
            let index = (seed + step) % (64 * 256)
            return (64 + index / 256, index % 256)
        }.first { second, third in
            let network = IPv4Network(address: 10 << 24 | UInt32(second) << 16 | UInt32(third) << 8, mask: 0xffff_ff00)
            return !taken.contains("10.\(second).\(third)") && !routes.contains { $0.overlaps(network) }
        }.map { "10.\($0).\($1)" }
    }

    private static func isClaimed(_ range: ClosedRange<Int>, _ claims: [NetworkClaim]) -> Bool {
        claims.contains { $0.ports.contains { $0.overlaps(range) } }
    }
}

import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Chooses the members' /24 at the first `up`.
public enum SubnetChoice {
    /// Private ranges, the least used ones first; the last is kept for measurements between networks (RFC 2544).
    private static let ranges = ["10.64.0.0/10", "172.16.0.0/12", "198.18.0.0/15"]

    private struct Route: Decodable { var dst: String }

    /// A /24 that no address and no route of this machine overlaps.
    ///
    /// - Parameter instance: where the search begins depends on it, so that installations side by side choose apart.
    /// - Returns: the first three numbers: `10.77.3`.
    /// - Throws: `machine_unfit` when routes cover everything.
    public static func choose(instance: String, command: Command) async throws(FoundryError) -> String {
        let text = try await command.run("ip", ["-4", "-json", "route", "show", "table", "all"])
        guard let routes = try? JSONDecoder().decode([Route].self, from: Data(text.utf8)) else {
            throw FoundryError(.machineUnfit, "The machine's routes cannot be read.", detail: String(text.prefix(400)))
        }
        guard let subnet = free(instance: instance, taken: routes.compactMap { IPv4Range($0.dst) }) else {
            throw FoundryError(
                .machineUnfit, "The machine's routes leave no private /24 for members.",
                detail: "looked in \(ranges.joined(separator: ", "))",
                hint: "ip route show table all")
        }
        return subnet
    }

    /// - Parameter subnet: as in the configuration.
    static func isFree(_ subnet: String, taken: [IPv4Range]) -> Bool {
        guard let range = IPv4Range("\(subnet).0/24") else { return false }
        return !taken.contains { $0.overlaps(range) }
    }

    static func free(instance: String, taken: [IPv4Range]) -> String? {
        let seed = UInt32(truncatingIfNeeded: Int(instance, radix: 16) ?? 0)
        for range in ranges.compactMap(IPv4Range.init) {
            let count = UInt32(1) << (24 - UInt32(range.length))
            for step in 0..<count {
                let subnet = IPv4Range.subnet(range.first + ((seed &+ step) % count) << 8)
                if isFree(subnet, taken: taken) { return subnet }
            }
        }
        return nil
    }
}

/// The addresses of a prefix.
struct IPv4Range: Hashable, Sendable {
    let first: UInt32
    let length: Int

    /// `10.1.2.0/24`, or one address. Not `default`, which covers whatever nothing else covers.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        guard parts.count <= 2, numbers.count == 4, let length = parts.count == 2 ? Int(parts[1]) : 32,
            (0...32).contains(length)
        else {
            return nil
        }
        self.length = length
        first = numbers.reduce(0) { $0 << 8 | UInt32($1) } & Self.mask(length)
    }

    func overlaps(_ other: IPv4Range) -> Bool {
        let mask = Self.mask(min(length, other.length))
        return first & mask == other.first & mask
    }

    /// The first three numbers.
    static func subnet(_ first: UInt32) -> String { "\(first >> 24).\(first >> 16 & 255).\(first >> 8 & 255)" }

    private static func mask(_ length: Int) -> UInt32 { length == 0 ? 0 : ~UInt32(0) << (32 - UInt32(length)) }
}

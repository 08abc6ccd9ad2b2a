import Foundation
import FoundryEffects

/// A machine on a network that this one is in too, and to which it is the way to everything else.
struct Neighbour {
    /// The path of its network namespace.
    let network: String
    /// This machine's address in the network that both are in.
    let host: String

    /// It is gone afterwards, also when the body throws.
    static func with<Result>(_ body: (Neighbour) async throws -> Result) async throws -> Result {
        let name = "fnb\(getpid())"
        // Of the range that is set aside for measuring networks (RFC 2544).
        let (host, own) = ("198.18.255.1", "198.18.255.2")
        try await ip("netns add \(name)")
        do {
            try await ip("link add \(name) type veth peer name eth0 netns \(name)")
            try await ip("address add \(host)/30 dev \(name)")
            try await ip("link set \(name) up")
            try await ip("-n \(name) address add \(own)/30 dev eth0")
            try await ip("-n \(name) link set eth0 up")
            try await ip("-n \(name) route add default via \(host)")
            let result = try await body(Neighbour(network: "/run/netns/\(name)", host: host))
            try await ip("netns delete \(name)")
            return result
        } catch {
            try await ip("netns delete \(name)")
            throw error
        }
    }

    private static func ip(_ words: String) async throws {
        try await Command().run("ip", words.split(separator: " ").map(String.init))
    }
}

import FoundryRules

/// The rules that keep members apart, and the ways that are open between them.
///
/// - Source: docs/decisions/0004-point-to-point-networks.md, docs/decisions/0019-ways-between-members.md.
struct Firewall: Sendable {
    static let pairs = "pairs"
    static let routes = "routes"

    let table: String
    /// The first three numbers of the members' addresses.
    let subnet: String
    /// A pattern that the host ends of all members match: `fab12cd.*`.
    let interfaces: String

    /// Replaces the rules in one transaction: at no moment are they missing, once they were there. The ways that are open stay so.
    ///
    /// What a member answers is let through; what it begins only along a way, whatever was so when it began. A machine takes what is for any of its
    /// addresses from any of its networks: at the gateway only it itself and members are heard.
    var rules: String {
        """
        add table inet \(table)
        add set inet \(table) \(Self.pairs) { type ipv4_addr . ipv4_addr; }
        add set inet \(table) \(Self.routes) { type ipv4_addr . inet_service; }
        add chain inet \(table) input { type filter hook input priority filter; policy accept; }
        add chain inet \(table) forward { type filter hook forward priority filter; policy accept; }
        flush chain inet \(table) input
        flush chain inet \(table) forward
        table inet \(table) {
            chain input {
                iifname "\(interfaces)" ct direction reply ct state established,related accept
                iifname "\(interfaces)" ip daddr \(subnet).1 ip saddr . tcp dport @\(Self.routes) accept
                iifname "\(interfaces)" drop
                iifname != "lo" ip daddr \(subnet).1 drop
            }
            chain forward {
                iifname "\(interfaces)" oifname "\(interfaces)" ip saddr . ip daddr @\(Self.pairs) accept
                iifname "\(interfaces)" drop
                oifname "\(interfaces)" drop
            }
        }

        """
    }

    /// Opens these ways and closes all others, in one transaction.
    func opening(_ links: NetworkLinks) -> String {
        let pairs = links.pairs.sorted().map { "\(address($0.from)) . \(address($0.to))" }
        let routes = links.routes.sorted().map { "\(address($0.slot)) . \($0.port)" }
        return replacing(Self.pairs, pairs) + replacing(Self.routes, routes)
    }

    /// The ways that a listing of a set says are open: of ours, `inet TABLE NAME`, without the rest of its words.
    func links(pairs: String, routes: String) -> NetworkLinks? {
        guard let pairs = SetListing.elements(pairs), let routes = SetListing.elements(routes) else { return nil }
        var links = NetworkLinks()
        for pair in pairs {
            guard pair.count == 2, let from = slot(pair[0]), let to = slot(pair[1]) else { return nil }
            links.pairs.insert(SlotPair(from: from, to: to))
        }
        for route in routes {
            guard route.count == 2, let slot = slot(route[0]), let port = Int(route[1]) else { return nil }
            links.routes.insert(SlotRoute(slot: slot, port: port))
        }
        return links
    }

    private func replacing(_ set: String, _ elements: [String]) -> String {
        let flush = "flush set inet \(table) \(set)\n"
        guard !elements.isEmpty else { return flush }
        return flush + "add element inet \(table) \(set) { \(elements.joined(separator: ", ")) }\n"
    }

    private func address(_ slot: Int) -> String { "\(subnet).\(slot)" }

    private func slot(_ address: String) -> Int? {
        address.hasPrefix("\(subnet).") ? Int(address.dropFirst(subnet.count + 1)) : nil
    }
}

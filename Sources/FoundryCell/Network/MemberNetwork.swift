import FoundryEffects
import FoundryModel
import FoundryRules

/// The members' networks of one cell: each has a network namespace of its own and a pair of interfaces, and no bridge joins them.
///
/// The host end carries the subnet's `.1` alone (/32), as every other host end does; the member's `eth0` carries the address of its slot, with the
/// host as its only neighbour. The host reaches each member; a member reaches nobody but along the ways that are open: it only answers. Everything is
/// safe to do twice, and what was left half made is completed by the same call.
struct MemberNetwork: Sendable {
    let paths: Paths
    /// The first three numbers: `10.77.3`.
    let subnet: String
    let command: Command
    private let forwarding = ForwardingSlots()

    /// 1 is the host, 255 would be a broadcast elsewhere.
    static let slots = 2...254

    init(paths: Paths, subnet: String, command: Command) {
        self.paths = paths
        self.subnet = subnet
        self.command = command
    }

    /// Where the member of a slot is reached from the host.
    func address(slot: Int) -> String { "\(subnet).\(slot)" }

    /// The file that a container joins.
    func namespacePath(slot: Int) -> String { paths.networkNamespace(slot) }

    private var gateway: String { "\(subnet).1" }

    /// Puts the firewall up, whole or not at all; before any member has an interface.
    func prepare() async throws(FoundryError) {
        try await command.run("nft", ["-f", "-"], input: firewall.rules)
    }

    /// The ways that are open; nil: they cannot be read.
    func links() async throws(FoundryError) -> NetworkLinks? {
        let links = firewall.links(
            pairs: try await list(Firewall.pairs), routes: try await list(Firewall.routes))
        forwarding.follow(links?.pairs ?? [])
        return links
    }

    /// Opens these ways and closes all others. What is established along one that stays goes on; along one that closes it ends.
    func link(_ links: NetworkLinks) async throws(FoundryError) {
        try await command.run("nft", ["-f", "-"], input: firewall.opening(links))
        forwarding.follow(links.pairs)
        for slot in try await observe() where hasInterface(slot) { forward(slot) }
    }

    private var firewall: Firewall {
        Firewall(table: paths.firewallTable, subnet: subnet, interfaces: "\(paths.interfacePrefix)*")
    }

    private func list(_ set: String) async throws(FoundryError) -> String {
        try await command.run("nft", ["--json", "list", "set", "inet", paths.firewallTable, set])
    }

    /// The kernel forwards nothing of a member that has no way to another, whatever becomes of the firewall.
    private func forward(_ slot: Int) {
        InterfaceSettings.setForwarding(paths.interface(slot), forwarding.contains(slot))
    }

    /// The slots of which anything is there: the namespace, its file, or the interface.
    func observe() async throws(FoundryError) -> Set<Int> {
        let files = try HostFiles.names(in: paths.networkNamespaces)
        let prefix = paths.interfacePrefix
        let interfaces = try HostFiles.names(in: "/sys/class/net").filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count))
        }
        return Set((files + interfaces).compactMap { Int($0) })
    }

    /// Makes the namespace, the pair of interfaces, addresses and routes.
    ///
    /// One that is whole stays as it is. Of one that is not, the interfaces are made anew; the namespace stays, as a container may live in it.
    func create(slot: Int) async throws(FoundryError) {
        precondition(Self.slots.contains(slot), "a slot is 2 to 254")
        let namespace = NetworkNamespace(path: namespacePath(slot: slot))
        let isNew = try await BlockingWork.run { () throws(FoundryError) in try namespace.make() }
        let hasInterface = self.hasInterface(slot)
        do throws(FoundryError) {
            try await connect(slot, removing: hasInterface && isNew, adding: !hasInterface || isNew)
        } catch {
            try await connect(slot, removing: self.hasInterface(slot), adding: true)
        }
    }

    /// Removes the interface and the namespace.
    func remove(slot: Int) async throws(FoundryError) {
        if hasInterface(slot) {
            let output = try await command.result("ip", ["link", "delete", "dev", paths.interface(slot)])
            guard output.exitCode == 0 || !hasInterface(slot) else {
                throw FoundryError(
                    .commandFailed, "The network of slot \(slot) cannot be removed.", detail: output.standardError)
            }
        }
        let namespace = NetworkNamespace(path: namespacePath(slot: slot))
        try await BlockingWork.run { () throws(FoundryError) in try namespace.remove() }
    }

    /// Takes the firewall down. Only when no member has an interface any more.
    func close() async throws(FoundryError) {
        let rules = "add table inet \(paths.firewallTable)\ndelete table inet \(paths.firewallTable)\n"
        try await command.run("nft", ["-f", "-"], input: rules)
    }

    /// Every network of this installation, and the firewall.
    func removeEverything() async throws(FoundryError) {
        for slot in try await observe().sorted() { try await remove(slot: slot) }
        try await close()
        HostFiles.removeEmptyDirectory(paths.networkNamespaces)
    }

    private func hasInterface(_ slot: Int) -> Bool { HostFiles.exists("/sys/class/net/\(paths.interface(slot))") }

    private func connect(_ slot: Int, removing: Bool, adding: Bool) async throws(FoundryError) {
        let (interface, address, namespace) = (paths.interface(slot), address(slot: slot), namespacePath(slot: slot))
        var host: [String] = []
        if removing { host.append("link delete dev \(interface)") }
        if adding { host.append("link add \(interface) type veth peer name eth0 netns \(namespace)") }
        host += [
            "address replace \(gateway)/32 dev \(interface)", "link set \(interface) up",
            "route replace \(address)/32 dev \(interface) src \(gateway)",
        ]
        try await batch("ip", ["-batch", "-"], host)
        InterfaceSettings.restrict(interface)
        forward(slot)
        try await batch(
            "nsenter", ["--net=\(namespace)", "ip", "-batch", "-"],
            [
                "link set lo up", "address replace \(address)/32 dev eth0", "link set eth0 up",
                "route replace \(gateway)/32 dev eth0 scope link", "route replace default via \(gateway) dev eth0",
            ])
    }

    private func batch(_ program: String, _ arguments: [String], _ lines: [String]) async throws(FoundryError) {
        try await command.run(program, arguments, input: lines.joined(separator: "\n") + "\n")
    }
}

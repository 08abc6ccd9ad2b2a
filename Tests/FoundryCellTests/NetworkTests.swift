import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@testable import FoundryCell

@Suite(.serialized, .enabled(if: isRoot))
struct NetworkTests {
    private let port = 6379

    @Test func theHostReachesMembersAndTheyReachNobody() async throws {
        let ground = try await NetworkGround()
        try await ground.cleaningUp { network in
            for slot in [2, 3] { try await network.create(slot: slot) }
            try await ground.forward([2, 3])
            let hostPort = try FreePorts.first()
            try await ground.serving(port, in: 2) {
                try await ground.serving(port, in: 3) {
                    try await ground.serving(hostPort, in: nil) {
                        // Without the firewall they do: so it is the firewall that keeps them apart.
                        #expect(try await ground.comesToReach(network.address(slot: 3), port, from: 2))
                        #expect(try await ground.comesToReach("\(network.subnet).1", hostPort, from: 2))

                        try await network.prepare()
                        try await network.prepare()
                        for slot in [2, 3] {
                            #expect(try await ground.comesToReach(network.address(slot: slot), port, from: nil))
                        }
                        #expect(try await ground.reaches(network.address(slot: 3), port, from: 2) == false)
                        #expect(try await ground.reaches(network.address(slot: 2), port, from: 3) == false)
                        #expect(try await ground.reaches("\(network.subnet).1", hostPort, from: 2) == false)
                    }
                }
            }
        }
    }

    @Test(
        "Members along a way reach each other on every port, both ways; others do not, and a new process leaves it so")
    func waysBetweenMembers() async throws {
        let ground = try await NetworkGround()
        try await ground.cleaningUp { network in
            try await network.prepare()
            for slot in [2, 3, 4] { try await network.create(slot: slot) }
            let pairs: Set = [SlotPair(from: 2, to: 3), SlotPair(from: 3, to: 2)]
            try await network.link(NetworkLinks(pairs: pairs))
            try await ground.serving(port, in: 2) {
                try await ground.serving(7_000, in: 3) {
                    #expect(try await ground.comesToReach(network.address(slot: 3), 7_000, from: 2))
                    #expect(try await ground.comesToReach(network.address(slot: 2), port, from: 3))
                    #expect(try await ground.reaches(network.address(slot: 2), port, from: 4) == false)
                    #expect(try await ground.reaches("\(network.subnet).1", port, from: 2) == false)
                    let next = ground.another()
                    try await next.prepare()
                    #expect(try await next.links() == NetworkLinks(pairs: pairs))
                    #expect(try await ground.reaches(network.address(slot: 3), 7_000, from: 2))
                    try await next.remove(slot: 3)
                    try await next.create(slot: 3)
                    let settings = try await Command().run(
                        "sh", ["-c", "cat /proc/sys/net/ipv4/conf/\(ground.ground.paths.interfacePrefix)*/forwarding"])
                    #expect(settings.split(separator: "\n") == ["1", "1", "0"], "nothing of others is forwarded")
                    try await next.link(NetworkLinks())
                    #expect(try await ground.reaches(network.address(slot: 2), port, from: 3) == false)
                    #expect(try await ground.comesToReach(network.address(slot: 2), port, from: nil))
                }
            }
        }
    }

    @Test(
        "A bound member reaches its route's port at the gateway, and nothing else of the host; what is open ends with the way"
    )
    func waysToRoutes() async throws {
        let ground = try await NetworkGround()
        try await ground.cleaningUp { network in
            try await network.prepare()
            for slot in [2, 3] { try await network.create(slot: slot) }
            let gateway = "\(network.subnet).1"
            let (route, other) = (try FreePorts.first(), try FreePorts.first())
            try await network.link(NetworkLinks(routes: [SlotRoute(slot: 2, port: route)]))
            try await ground.serving(route, in: nil) {
                try await ground.serving(other, in: nil) {
                    #expect(try await ground.comesToReach(gateway, route, from: 2))
                    #expect(try await ground.reaches(gateway, other, from: 2) == false)
                    #expect(try await ground.reaches(gateway, route, from: 3) == false)
                    #expect(try await ground.reaches("127.0.0.1", route, from: 2) == false)
                    for address in try await ground.hostAddresses() {
                        #expect(try await ground.reaches(address, route, from: 2) == false, "\(address)")
                    }
                }
            }
            let talk = try await ground.talking(gateway, route, from: 2) { try await network.link(NetworkLinks()) }
            #expect(talk == ["echo", "silence"], "an open connection ends with its way")
        }
    }

    @Test func twoMembersListenOnTheSamePort() async throws {
        let ground = try await NetworkGround()
        try await ground.cleaningUp { network in
            try await network.prepare()
            for slot in [2, 254] { try await network.create(slot: slot) }
            try await ground.serving(port, in: 2) {
                let answers = (
                    try await ground.comesToReach(network.address(slot: 2), port, from: nil),
                    try await ground.reaches(network.address(slot: 254), port, from: nil)
                )
                #expect(answers == (true, false))
            }
        }
    }

    @Test func everythingMayBeDoneTwice() async throws {
        let ground = try await NetworkGround()
        try await ground.cleaningUp { network in
            try await network.prepare()
            try await network.create(slot: 7)
            try await network.create(slot: 7)
            #expect(try await network.observe() == [7])
            try await ground.serving(port, in: 7) {
                // A container lives in it: doing it again must not cut it off.
                try await network.create(slot: 7)
                #expect(try await ground.comesToReach(network.address(slot: 7), port, from: nil))
            }
            try await network.remove(slot: 7)
            try await network.remove(slot: 7)
            #expect(try await network.observe().isEmpty)
            try await network.close()
            try await network.close()
        }
    }

    @Test(arguments: HalfMade.allCases)
    func whatIsHalfMadeIsSeenCompletedAndRemoved(_ state: HalfMade) async throws {
        let ground = try await NetworkGround()
        try await ground.cleaningUp { network in
            try await network.prepare()
            try await state.arrange(network)
            #expect(try await network.observe() == [9])
            try await network.create(slot: 9)
            try await ground.serving(port, in: 9) {
                let answers = try await ground.comesToReach(network.address(slot: 9), port, from: nil)
                #expect(answers)
            }
            try await network.remove(slot: 9)
            #expect(try await network.observe().isEmpty)

            try await state.arrange(network)
            try await network.remove(slot: 9)
            #expect(try await network.observe().isEmpty)
        }
    }

    /// Where a kill can leave slot 9.
    enum HalfMade: CaseIterable, Sendable {
        case file, namespace, interfaceOfALostNamespace, bareInterface, noInterface

        func arrange(_ network: MemberNetwork) async throws {
            let path = network.namespacePath(slot: 9)
            let interface = network.paths.interface(9)
            switch self {
            case .file:
                try HostFiles.makeDirectory(network.paths.networkNamespaces)
                #expect(try fill(path, upTo: .zero).problem == nil)
            case .namespace: #expect(try NetworkNamespace(path: path).make())
            case .interfaceOfALostNamespace:
                try await Command().run(
                    "ip", ["link", "add", interface, "type", "veth", "peer", "name", "\(interface)p"])
            case .bareInterface:
                #expect(try NetworkNamespace(path: path).make())
                try await Command().run(
                    "ip", ["link", "add", interface, "type", "veth", "peer", "name", "eth0", "netns", path])
            case .noInterface:
                try await network.create(slot: 9)
                try await Command().run("ip", ["link", "delete", "dev", interface])
            }
        }
    }

    @Test func removingEverythingLeavesNothing() async throws {
        let ground = try await NetworkGround()
        try await ground.cleaningUp { network in
            try await network.prepare()
            for slot in [2, 3] { try await network.create(slot: slot) }
            try await network.removeEverything()
            #expect(try await network.observe().isEmpty)
            let tables = try await Command().run("nft", ["list", "tables"])
            #expect(!tables.contains(network.paths.instance))
            #expect(!HostFiles.exists(network.paths.networkNamespaces))
            #expect(try MountTable.read().entries.allSatisfy { !$0.target.contains(network.paths.instance) })
        }
    }

    @Test func aSubnetIsChosenThatNoRouteOverlaps() {
        let taken = ["10.0.0.0/8", "172.16.0.0/13", "192.168.1.7"].compactMap(IPv4Range.init)
        #expect(SubnetChoice.isFree("10.77.3", taken: taken) == false)
        #expect(SubnetChoice.isFree("192.168.1", taken: taken) == false)
        #expect(SubnetChoice.isFree("192.168.2", taken: taken))
        #expect(SubnetChoice.free(instance: "000000", taken: taken) == "172.24.0")
        #expect(SubnetChoice.free(instance: "000001", taken: []) == "10.64.1")
        #expect(
            SubnetChoice.free(instance: "000001", taken: [IPv4Range("10.64.1.200")].compactMap(\.self)) == "10.64.2")
        #expect(SubnetChoice.free(instance: "ffffff", taken: []) == "10.127.255")
        #expect(SubnetChoice.free(instance: "ab12cd", taken: ["0.0.0.0/0"].compactMap(IPv4Range.init)) == nil)
        #expect(IPv4Range("default") == nil && IPv4Range("10.0.0.0/33") == nil && IPv4Range("10.0.0") == nil)
    }
}

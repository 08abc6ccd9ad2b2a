import FoundryModel

/// What HAProxy has now: whom each port leads to.
public struct ProxyTable: Hashable, Sendable {
    /// Where the map leads each port. One that leads to its own backend only is as it shall be.
    public var leads: [RouteSlot: Set<String>]
    /// Of each backend.
    public var servers: [RouteSlot: [ProxyServer]]

    public init(leads: [RouteSlot: Set<String>] = [:], servers: [RouteSlot: [ProxyServer]] = [:]) {
        self.leads = leads
        self.servers = servers
    }
}

/// A server of a backend of HAProxy.
public struct ProxyServer: Hashable, Sendable {
    /// Tells whom it leads to, see `ProxyServerName`; anything when it is not one of ours.
    public var name: String
    /// `10.77.3.2`
    public var address: String
    public var port: Int
    public var state: ProxyServerState

    public init(name: String, address: String, port: Int, state: ProxyServerState) {
        self.name = name
        self.address = address
        self.port = port
        self.state = state
    }

    public init(_ target: RouteTarget, state: ProxyServerState) {
        self.init(
            name: ProxyServerName(target).description, address: target.address, port: target.port, state: state)
    }

    func leads(to target: RouteTarget) -> Bool { self == ProxyServer(target, state: state) }
}

public enum ProxyServerState: Hashable, Sendable {
    /// Takes new connections.
    case ready
    /// Takes none; those that it had before may last.
    case maintenance
    /// Anything else that HAProxy knows: it may take connections or not.
    case other
}

/// The name of a server: the member, and the epoch under which it holds its volume, so that whoever observes HAProxy knows whom a port leads to.
public struct ProxyServerName: Hashable, Sendable, CustomStringConvertible {
    public var member: MemberID
    public var epoch: Epoch

    public init(_ target: RouteTarget) {
        member = target.member
        epoch = target.epoch
    }

    /// - Returns: nil when the text is not the name of a server of ours.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let member = MemberID(String(parts[0])), let epoch = UInt64(parts[1]) else {
            return nil
        }
        self.member = member
        self.epoch = Epoch(epoch)
    }

    /// An id has no underscore, so the two parts stay apart: `3f1c-0_7`
    public var description: String { "\(member)_\(epoch)" }
}

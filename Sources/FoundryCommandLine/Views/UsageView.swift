import FoundryClient
import FoundryModel

/// By what members are sorted.
public enum UsageOrder: String, Sendable, CaseIterable {
    case name
    case cpu
    case memory
    case disk
    case flushes

    /// The most first; by name where nothing else decides.
    public func sorted(_ members: [MemberUsageSummary]) -> [MemberUsageSummary] {
        members.sorted { left, right in
            let (one, other) = (amount(left), amount(right))
            return one == other ? (left.name, left.guid) < (right.name, right.guid) : one > other
        }
    }

    private func amount(_ member: MemberUsageSummary) -> Double {
        switch self {
        case .name: 0
        case .cpu: Double(member.cpuMillicores ?? -1)
        case .memory: Double(member.memory ?? -1)
        case .disk: Double(member.diskUsed ?? -1)
        case .flushes: member.flushesPerSecond ?? -1
        }
    }
}

/// What members use, as a table.
public struct UsageView {
    /// From these shares on, a limit is near.
    private static let (near, veryNear) = (0.8, 0.95)

    private let members: [MemberUsageSummary]

    public init(_ members: [MemberUsageSummary]) { self.members = members }

    public func lines(on terminal: Terminal) -> [String] {
        if members.isEmpty { return ["No members. `foundry push redis` makes one."] }
        var table = Table([
            .init("member", isFlexible: true), .init("state"), .init("cpu", .right), .init("memory", .right),
            .init("disk", .right), .init("flush/s", .right), .init("conns", .right), .init("restarts", .right),
        ])
        for member in members {
            table.add([
                .init(member.name, .strong), .init(member.phase, Self.style(member.phase)),
                .init(member.cpuMillicores.map(Self.percent) ?? "-"), Self.share(member.memory, member.memoryLimit),
                Self.share(member.diskUsed, member.diskSize),
                .init(member.flushesPerSecond.map(Self.rate) ?? "-"),
                .init(member.connections.map { "\($0)" } ?? "-"), .init("\(member.restarts)"),
            ])
        }
        return table.lines(on: terminal)
    }

    /// As many of the lines as fit below a first one that says how all is.
    public func page(on terminal: Terminal, at now: Timestamp) -> [String] {
        let healthy = members.count { $0.phase == "healthy" }
        let cpu = Self.percent(members.compactMap(\.cpuMillicores).reduce(0, +))
        let memory = ByteCount(bytes: members.compactMap(\.memory).reduce(0, +))
        let head = "\(now)  \(healthy) of \(members.count) members healthy, cpu \(cpu), memory \(memory)"
        let rows = lines(on: terminal)
        let room = max(1, (terminal.height ?? .max) - 2)
        guard rows.count > room else { return [head, ""] + rows }
        // The heading of the table stays, and the last line says what does not fit.
        return [head, ""] + rows.prefix(max(1, room - 1)) + ["and \(rows.count - max(1, room - 1)) more"]
    }

    /// `100%` is one processor.
    private static func percent(_ millicores: Int64) -> String { "\(millicores / 10).\(millicores % 10)%" }

    private static func rate(_ perSecond: Double) -> String {
        perSecond >= 100 ? "\(Int64(perSecond.rounded()))" : "\(perSecond)"
    }

    /// `5 MiB / 64 MiB`
    private static func share(_ used: Int64?, _ limit: Int64?) -> Table.Cell {
        guard let used else { return "-" }
        guard let limit, limit > 0 else { return .init(ByteCount(bytes: used).description) }
        let share = Double(used) / Double(limit)
        return .init(
            "\(ByteCount(bytes: used)) / \(ByteCount(bytes: limit))",
            share >= veryNear ? .bad : share >= near ? .warning : .plain)
    }

    private static func style(_ phase: String) -> TextStyle {
        switch phase {
        case "healthy": .good
        case "crashed", "refused": .bad
        case "unhealthy", "unready", "waiting": .warning
        default: .plain
        }
    }
}

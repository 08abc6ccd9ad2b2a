/// Whom a fault hits.
enum FaultTarget: Hashable, Sendable, CustomStringConvertible {
    /// The store, the network as a whole, or whatever the fault's own seed chooses.
    case cluster
    case cell(Int)
    case server(Int)
    case router(Int)
    case app(Int)

    var description: String {
        switch self {
        case .cluster: "cluster"
        case .cell(let index): "cell c\(index)"
        case .server(let index): "server s\(index)"
        case .router(let index): "router r\(index)"
        case .app(let index): "app a\(index)"
        }
    }
}

/// One thing that goes wrong: drawn before the world begins, so that a schedule can be made smaller without changing what is left of it.
struct ScheduledFault: Hashable, Sendable, CustomStringConvertible {
    var time: SimulationTime
    var kind: FaultKind
    var target: FaultTarget
    /// How long it lasts; zero for what happens at once.
    var duration: SimulationDuration
    /// For what the world has to choose: the sides of a partition, a process, the moment within an effect.
    var seed: UInt64

    var end: SimulationTime { time + duration }

    var description: String {
        "\(time)  \(kind) at \(target)" + (duration == .zero ? "" : ", for \(duration)")
    }
}

/// All faults of one run, in the order of their times.
struct FaultSchedule: Hashable, Sendable {
    var faults: [ScheduledFault]

    static let none = Self(faults: [])

    /// When the last one is over.
    var end: SimulationTime { faults.map(\.end).max() ?? .zero }

    /// Only those at these places, which must be sorted.
    func keeping(_ places: [Int]) -> Self { Self(faults: places.map { faults[$0] }) }
}

extension FaultSchedule {
    /// Draws what goes wrong in `window`, each kind from a stream of its own: a rate that is changed moves no other kind's faults.
    ///
    /// No fault outlasts the window.
    static func draw(
        _ profile: FaultProfile, _ size: WorldSize, window: ClosedRange<SimulationTime>, seed: UInt64,
        limit: SimulationDuration = .seconds(8), stress: [Stress] = []
    ) -> Self {
        let root = SimulationRandom(seed: seed)
        var faults: [ScheduledFault] = []
        for kind in FaultKind.allCases {
            let rate = profile.rate(of: kind)
            guard rate > 0, kind.shape.isScheduled else { continue }
            let random = root.stream("fault.\(kind)")
            faults += draw(kind, kind.shape.victim, rate, size, window, limit, random)
        }
        for (place, stress) in stress.enumerated() where stress.rate > 0 {
            let random = root.stream("stress.\(stress.kind)", place)
            faults += draw(
                stress.kind, stress.victim ?? stress.kind.shape.victim, Double(stress.rate), size, window, limit,
                random)
        }
        let sorted = faults.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        return Self(faults: sorted.map(\.element))
    }

    private static func draw(
        _ kind: FaultKind, _ victim: FaultShape.Victim, _ rate: Double, _ size: WorldSize,
        _ window: ClosedRange<SimulationTime>, _ limit: SimulationDuration, _ stream: SimulationRandom
    ) -> [ScheduledFault] {
        var random = stream
        var faults: [ScheduledFault] = []
        let mean = SimulationDuration(microseconds: Int64(Double(FaultProfile.period.microseconds) / rate))
        var time = window.lowerBound + random.wait(mean: mean)
        while time < window.upperBound {
            let duration = min(length(kind.shape, limit, using: &random), window.upperBound - time)
            faults.append(
                ScheduledFault(
                    time: time, kind: kind, target: target(victim, size, using: &random), duration: duration,
                    seed: random.next()))
            time = time + random.wait(mean: mean)
        }
        return faults
    }

    private static func length(
        _ shape: FaultShape, _ limit: SimulationDuration, using random: inout SimulationRandom
    ) -> SimulationDuration {
        guard let range = shape.duration else { return .zero }
        let drawn = random.duration(in: range)
        if shape.isWithinLimits {
            // A renewal may have been due when it began, and has to come through after it.
            return min(drawn, SimulationDuration(microseconds: limit.microseconds * 5 / 8))
        }
        guard shape.isNearLimits, random.coin() else { return drawn }
        let least = SimulationDuration(microseconds: limit.microseconds * 7 / 10)
        return random.duration(in: least...(limit * 2))
    }

    private static func target(
        _ victim: FaultShape.Victim, _ size: WorldSize, using random: inout SimulationRandom
    ) -> FaultTarget {
        switch victim {
        case .cluster: .cluster
        case .cell: .cell(random.index(below: size.cells))
        case .server: .server(random.index(below: size.servers))
        case .app: .app(random.index(below: size.apps))
        case .machine:
            switch random.index(below: size.cells + size.servers + size.routers) {
            case let index where index < size.cells: .cell(index)
            case let index where index < size.cells + size.servers: .server(index - size.cells)
            case let index: .router(index - size.cells - size.servers)
            }
        }
    }
}

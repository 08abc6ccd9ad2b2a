import FoundryModel

/// Keeps a list of daemons alive until it is told to stop or to drain.
///
/// Draining: the daemons that hold members are told so, and started for it when they are not there; one that ended with exit code 0 has drained, any
/// other end starts it again. An end that nobody saw proves nothing, so it is asked once more.
public struct SupervisorMachine: Hashable, Sendable {
    public struct Daemon: Hashable, Sendable {
        public var name: String
        /// It holds members.
        public var drains: Bool

        public init(name: String, drains: Bool = false) {
            self.name = name
            self.drains = drains
        }
    }

    public struct Limits: Hashable, Sendable {
        public var restart: DaemonRestart.Limits
        /// From the word to end until SIGKILL.
        public var stopMilliseconds: Int64
        /// From the start of a draining daemon, or the word to drain, until it is killed and started anew.
        public var drainMilliseconds: Int64

        public init(
            restart: DaemonRestart.Limits = .init(), stopMilliseconds: Int64 = 10_000,
            drainMilliseconds: Int64 = 600_000
        ) {
            self.restart = restart
            self.stopMilliseconds = stopMilliseconds
            self.drainMilliseconds = drainMilliseconds
        }
    }

    public enum Mode: Hashable, Sendable {
        case serving
        case draining
        case stopping(drained: Bool)
        case finished
    }

    enum Phase: Hashable, Sendable {
        case absent(nextStart: MonotonicTime)
        /// Ordered, not answered yet.
        case starting
        case running(since: MonotonicTime, killAt: MonotonicTime?)
        /// Not wanted any more.
        case done
    }

    struct Item: Hashable, Sendable {
        let daemon: Daemon
        var phase: Phase
        var restart: DaemonRestart
        var starts: Int
    }

    public let limits: Limits
    public private(set) var mode: Mode
    var items: [Item]
    var hasBegun = false

    /// - Parameter draining: a `down` was in progress when it began.
    public init(_ daemons: [Daemon], draining: Bool = false, limits: Limits = Limits(), now: MonotonicTime) {
        self.limits = limits
        mode = draining ? .draining : .serving
        items = daemons.map {
            Item(daemon: $0, phase: .absent(nextStart: now), restart: DaemonRestart(limits: limits.restart), starts: 0)
        }
    }

    /// - Returns: what to do now, in order.
    /// - Throws: an event that does not fit; nothing has changed.
    public mutating func handle(
        _ event: SupervisorEvent, now: MonotonicTime
    ) throws(SupervisorRefusal) -> [SupervisorEffect] {
        guard mode != .finished else { throw SupervisorRefusal(description: "\(event) after the end") }
        guard hasBegun || event.isBeginning else {
            throw SupervisorRefusal(description: "\(event) before the beginning")
        }
        var effects: [SupervisorEffect] = []
        switch event {
        case .began(let running): effects += try adopt(running, now)
        case .started(let name): effects += try start(name, now)
        case .notStarted(let name): try end(name, .unclean, ifStarting: true, now)
        case .ended(let name, let how): try end(name, how, ifStarting: false, now)
        case .stopRequested: effects += try stop(now)
        case .drainRequested: effects += try drain(now)
        case .timePassed: break
        }
        return effects + due(now)
    }

    /// When `timePassed` is next worth telling; nil: not before something else happens.
    public var nextDeadline: MonotonicTime? {
        guard mode != .finished else { return nil }
        return items.compactMap { item in
            switch item.phase {
            case .absent(let nextStart): isWanted(item) ? nextStart : nil
            case .running(_, let killAt): killAt
            case .starting, .done: nil
            }
        }.min()
    }

    /// Starts after the first, of one daemon.
    public func restarts(of name: String) -> Int {
        items.first { $0.daemon.name == name }.map { max(0, $0.starts - 1) } ?? 0
    }

    /// When an absent daemon is started next; nil when it runs or is not wanted.
    public func nextStart(of name: String) -> MonotonicTime? {
        guard let item = items.first(where: { $0.daemon.name == name }), case .absent(let nextStart) = item.phase,
            isWanted(item)
        else { return nil }
        return nextStart
    }

    func isWanted(_ item: Item) -> Bool {
        switch mode {
        case .serving: true
        case .draining: item.daemon.drains
        case .stopping, .finished: false
        }
    }

    mutating func become(_ next: Mode) { mode = next }
}

/// Says whether one node hears another: what the store needs to know of the network.
protocol Reachability {
    /// Grows when any link was cut or came back.
    var version: Int { get }
    func isOpen(from: NodeNumber, to: NodeNumber) -> Bool
}

/// Messages between machines: when they arrive, if at all, and how often.
///
/// The network decides; the world's queue carries. A message lies in the network under a handle until it is taken:
///
///     for arrival in network.send(.renew(3), from: cell, to: server, at: queue.now) {
///         queue.push(.arrival(arrival.message), at: arrival.time)
///     }
///     // when that event comes
///     if let message = network.take(handle, at: queue.now) { node(message.to).receive(message.payload, from: message.from) }
///
/// A link that was cut meanwhile lets nothing through: `take` returns nil.
struct SimulatedNetwork<Payload>: Reachability {
    struct Message {
        var from: NodeNumber
        var to: NodeNumber
        var payload: Payload
        var sentAt: SimulationTime
        /// Of a stream's message.
        var stream: StreamHandle
        /// Copies still under way.
        fileprivate(set) var copies: Int8
    }

    typealias Handle = Slab<Message>.Handle
    typealias StreamHandle = Slab<Stream>.Handle

    var faults = NetworkFaults.none
    let counters: FaultCounters
    let nodes: Int
    private(set) var version = 0
    /// Messages that were sent, for the summary of a run.
    var sent = 0
    private var messages = Slab<Message>()
    var streams = Slab<Stream>()
    /// To be drained into the queue.
    var notices: [StreamNotice<StreamHandle>] = []
    /// By `from * nodes + to`: how many partitions cut this direction now.
    private var cuts: [Int16]
    /// By the same index: the least time that a message takes.
    private let base: [Int64]
    private var latencyRandom: SimulationRandom
    private var lossRandom: SimulationRandom
    private var delayRandom: SimulationRandom
    private var duplicationRandom: SimulationRandom
    private var reorderingRandom: SimulationRandom
    private var lateRandom: SimulationRandom
    var streamRandom: SimulationRandom

    /// Between processes of one machine.
    static var loopback: SimulationDuration { .microseconds(25) }

    /// - Parameter nodes: how many there are; they are numbered from 0.
    init(nodes: Int, random: SimulationRandom, counters: FaultCounters) {
        self.nodes = nodes
        self.counters = counters
        cuts = [Int16](repeating: 0, count: nodes * nodes)
        var links = random.stream("network.links")
        // Same rack: 0.1 to 0.25 ms at best, and a tail that the draw of each message adds.
        base = (0..<nodes * nodes).map { _ in links.integer(in: 100...250) }
        latencyRandom = random.stream("network.latency")
        lossRandom = random.stream("network.loss")
        delayRandom = random.stream("network.delay")
        duplicationRandom = random.stream("network.duplication")
        reorderingRandom = random.stream("network.reordering")
        lateRandom = random.stream("network.late")
        streamRandom = random.stream("network.stream")
    }

    /// Messages under way.
    var underWay: Int { messages.count }

    @inline(__always)
    func isOpen(from: NodeNumber, to: NodeNumber) -> Bool { cuts[from * nodes + to] == 0 }

    func isOpenBothWays(_ left: NodeNumber, _ right: NodeNumber) -> Bool {
        isOpen(from: left, to: right) && isOpen(from: right, to: left)
    }

    /// Carries out one change of a partition.
    mutating func apply(_ change: LinkChange) {
        let link = change.from * nodes + change.to
        cuts[link] += change.isCut ? 1 : -1
        precondition(cuts[link] >= 0, "a cut ends once")
        version += 1
    }

    /// Every partition ends now. Changes of plans that were begun must not be applied any more.
    mutating func heal() {
        for link in cuts.indices { cuts[link] = 0 }
        version += 1
    }

    /// Sends one message, as a datagram: it arrives once, twice or never, in any order.
    ///
    /// - Returns: the arrivals to be put into the queue; none when it was lost.
    mutating func send(
        _ payload: Payload, from: NodeNumber, to: NodeNumber, size: MessageSize = .small, at now: SimulationTime
    ) -> Arrivals<Handle> {
        sent += 1
        if from == to {
            let handle = insert(payload, from, to, now, .none, copies: 1)
            return Arrivals(Arrival(message: handle, time: now + Self.loopback))
        }
        guard isOpen(from: from, to: to) else {
            counters.count(.messageCut)
            return Arrivals()
        }
        if lossRandom.happens(faults.loss) {
            counters.count(.messageLost)
            return Arrivals()
        }
        var first = now + latency(from, to, size)
        if delayRandom.happens(faults.delay) {
            counters.count(.messageDelayed)
            first = first + delayRandom.duration(in: faults.delayRange)
        }
        if reorderingRandom.happens(faults.reordering) {
            counters.count(.messageReordered)
            first = first + reorderingRandom.duration(in: .milliseconds(1)...(.milliseconds(30)))
        }
        if lateRandom.happens(faults.veryLate) {
            counters.count(.messageVeryLate)
            first = first + lateRandom.duration(in: faults.veryLateRange)
        }
        guard duplicationRandom.happens(faults.duplication) else {
            return Arrivals(Arrival(message: insert(payload, from, to, now, .none, copies: 1), time: first))
        }
        counters.count(.messageDuplicated)
        let handle = insert(payload, from, to, now, .none, copies: 2)
        let second = first + duplicationRandom.duration(in: .microseconds(10)...(.seconds(3)))
        return Arrivals(Arrival(message: handle, time: first), Arrival(message: handle, time: second))
    }

    /// A message that arrives now; nil when its link was cut since, or its stream ended.
    mutating func take(_ handle: Handle, at now: SimulationTime) -> Message? {
        guard let message = messages[handle] else { return nil }
        if message.copies > 1 { messages[handle]?.copies -= 1 } else { messages.remove(handle) }
        guard message.from == message.to || isOpen(from: message.from, to: message.to) else {
            counters.count(.messageCut)
            if message.stream != .none { loseOnStream(message, at: now) }
            return nil
        }
        guard message.stream == .none || acceptsOnStream(message) else { return nil }
        return message
    }

    /// How long a message takes when nothing is wrong: mostly 0.1 to 0.5 ms, one in a thousand some 8 ms.
    @inline(__always)
    mutating func latency(_ from: NodeNumber, _ to: NodeNumber, _ size: MessageSize) -> SimulationDuration {
        let least = SimulationDuration(microseconds: base[from * nodes + to])
        return latencyRandom.heavyTail(least: least, most: .milliseconds(40)) + size.transmission
    }

    mutating func insert(
        _ payload: Payload, _ from: NodeNumber, _ to: NodeNumber, _ now: SimulationTime, _ stream: StreamHandle,
        copies: Int8
    ) -> Handle {
        messages.insert(
            Message(from: from, to: to, payload: payload, sentAt: now, stream: stream, copies: copies))
    }
}

/// That a message arrives at a time.
struct Arrival<Handle> {
    var message: Handle
    var time: SimulationTime
}

/// Up to two arrivals of one message, without memory of its own.
struct Arrivals<Handle>: Sequence, IteratorProtocol {
    private var first: Arrival<Handle>?
    private var second: Arrival<Handle>?

    init(_ first: Arrival<Handle>? = nil, _ second: Arrival<Handle>? = nil) {
        self.first = first
        self.second = second
    }

    var isEmpty: Bool { first == nil }

    mutating func next() -> Arrival<Handle>? {
        defer {
            first = second
            second = nil
        }
        return first
    }
}

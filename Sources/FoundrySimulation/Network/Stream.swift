/// An ordered connection between two nodes: what is sent on it arrives in order, once, or the stream has broken.
struct Stream {
    let client: NodeNumber
    let server: NodeNumber
    /// Of the client's end, then of the server's.
    fileprivate var ends: (StreamEnd, StreamEnd) = (StreamEnd(), StreamEnd())

    init(client: NodeNumber, server: NodeNumber) {
        self.client = client
        self.server = server
    }

    func peer(of node: NodeNumber) -> NodeNumber { node == client ? server : client }

    fileprivate subscript(node: NodeNumber) -> StreamEnd {
        get { node == client ? ends.0 : ends.1 }
        set { if node == client { ends.0 = newValue } else { ends.1 = newValue } }
    }
}

/// One side of a stream.
private struct StreamEnd {
    /// Its process still believes in it.
    var isOpen = true
    /// What this side sends does not arrive any more.
    var isMute = false
    /// Something that this side sent was lost under way.
    var hasHole = false
    /// When the last message that this side sent arrives.
    var lastArrival = SimulationTime.zero
}

/// That one side of a stream learns of its end at a time.
struct StreamNotice<Handle> {
    var stream: Handle
    var node: NodeNumber
    var time: SimulationTime
}

/// Streams: orders, watches and logs.
///
///     let stream = network.openStream(from: cell, to: server)
///     for arrival in network.send(.hello(3), on: stream, from: cell, at: now) { queue.push(.arrival(arrival.message), at: arrival.time) }
///     network.drainNotices { queue.push(.streamEnd($0), at: $0.time) }       // after each call that can break a stream, `take` among them
///     // when such an event comes
///     if network.accept(notice) { node(notice.node).streamEnded(notice.stream) }
///
/// The server learns of the stream by its first message. A break is told to both sides after a while; to the other side it is never told when
/// it went silently, when the way there is cut, or when the machine lost power: only its own timeout finds out.
extension SimulatedNetwork {
    typealias Notice = StreamNotice<StreamHandle>

    /// How long a sender repeats itself before it gives a stream up.
    static var sendTimeout: ClosedRange<SimulationDuration> { .seconds(3)...(.seconds(15)) }

    mutating func openStream(from client: NodeNumber, to server: NodeNumber) -> StreamHandle {
        precondition(client != server, "a stream leads from one machine to another")
        return streams.insert(Stream(client: client, server: server))
    }

    /// Whether this side still believes in the stream.
    func isOpen(_ stream: StreamHandle, at node: NodeNumber) -> Bool { streams[stream]?[node].isOpen ?? false }

    /// Sends on a stream, behind everything that was sent on it before.
    ///
    /// - Returns: at most one arrival; none when the stream has ended or breaks by this.
    mutating func send(
        _ payload: Payload, on handle: StreamHandle, from node: NodeNumber, size: MessageSize = .small,
        at now: SimulationTime
    ) -> Arrivals<Handle> {
        guard let stream = streams[handle], stream[node].isOpen else { return Arrivals() }
        let peer = stream.peer(of: node)
        guard !stream[node].isMute, stream[peer].isOpen, isOpen(from: node, to: peer) else {
            streams[handle]?[node].isMute = true
            notify(handle, node, at: now + streamRandom.duration(in: Self.sendTimeout))
            return Arrivals()
        }
        if streamRandom.happens(faults.streamBreak) {
            breakStream(handle, at: now)
            return Arrivals()
        }
        sent += 1
        var time = now + latency(node, peer, size) + streamDelay()
        time = max(time, stream[node].lastArrival)
        streams[handle]?[node].lastArrival = time
        let message = insert(payload, node, peer, now, handle, copies: 1)
        return Arrivals(Arrival(message: message, time: time))
    }

    /// Breaks a stream in the middle: both sides learn of it, or one, or after their own timeouts only.
    mutating func breakStream(_ handle: StreamHandle, at now: SimulationTime) {
        guard let stream = streams[handle] else { return }
        let isSilent = streamRandom.happens(faults.silentBreak)
        counters.count(isSilent ? .streamBrokenSilently : .streamBroken)
        streams[handle]?.ends.0.isMute = true
        streams[handle]?.ends.1.isMute = true
        let told = streamRandom.coin() ? stream.client : stream.server
        for node in [stream.client, stream.server] where !isSilent || node == told {
            notify(handle, node, at: now + streamRandom.duration(in: .milliseconds(1)...(.milliseconds(500))))
        }
    }

    /// One side ends a stream in order: the other side learns of it behind the last message, unless the way is cut.
    mutating func close(_ handle: StreamHandle, by node: NodeNumber, at now: SimulationTime) {
        guard let stream = streams[handle], stream[node].isOpen else { return }
        let peer = stream.peer(of: node)
        endSide(handle, node)
        guard stream[peer].isOpen, isOpen(from: node, to: peer) else { return }
        let time = max(now + latency(node, peer, .small), stream[node].lastArrival)
        notify(handle, peer, at: time)
    }

    /// A process or machine ended. A killed process's streams are closed by its kernel; those of a machine without power are silent.
    mutating func endStreams(of node: NodeNumber, isSilent: Bool, at now: SimulationTime) {
        for handle in streams.handles {
            guard let stream = streams[handle], stream.client == node || stream.server == node else { continue }
            if isSilent { endSide(handle, node) } else { close(handle, by: node, at: now) }
        }
    }

    /// Carries out a notice when its time has come.
    ///
    /// - Returns: whether that side believed in the stream until now, and is to be told.
    mutating func accept(_ notice: Notice) -> Bool {
        guard isOpen(notice.stream, at: notice.node) else { return false }
        endSide(notice.stream, notice.node)
        return true
    }

    /// Hands over the notices that are to be put into the queue.
    mutating func drainNotices(_ body: (Notice) -> Void) {
        guard !notices.isEmpty else { return }
        for notice in notices { body(notice) }
        notices.removeAll(keepingCapacity: true)
    }

    /// Of a message that arrives: whether its receiver still listens, and nothing before it was lost.
    func acceptsOnStream(_ message: Message) -> Bool {
        guard let stream = streams[message.stream], stream[message.to].isOpen else { return false }
        return !stream[message.from].hasHole
    }

    /// A message met a cut link on its way: nothing behind it may arrive.
    mutating func loseOnStream(_ message: Message, at now: SimulationTime) {
        guard let stream = streams[message.stream], !stream[message.from].hasHole else { return }
        streams[message.stream]?[message.from].hasHole = true
        streams[message.stream]?[message.from].isMute = true
        notify(message.stream, message.from, at: now + streamRandom.duration(in: Self.sendTimeout))
    }

    /// What retransmissions and slow paths add.
    private mutating func streamDelay() -> SimulationDuration {
        var delay = SimulationDuration.zero
        if streamRandom.happens(faults.loss) {
            counters.count(.messageLost)
            delay = delay + .milliseconds(200)
        }
        if streamRandom.happens(faults.delay) {
            counters.count(.messageDelayed)
            delay = delay + streamRandom.duration(in: faults.delayRange)
        }
        if streamRandom.happens(faults.veryLate) {
            counters.count(.messageVeryLate)
            delay = delay + streamRandom.duration(in: faults.veryLateRange)
        }
        return delay
    }

    private mutating func notify(_ stream: StreamHandle, _ node: NodeNumber, at time: SimulationTime) {
        notices.append(Notice(stream: stream, node: node, time: time))
    }

    private mutating func endSide(_ handle: StreamHandle, _ node: NodeNumber) {
        streams[handle]?[node].isOpen = false
        if let stream = streams[handle], !stream.ends.0.isOpen, !stream.ends.1.isOpen { streams.remove(handle) }
    }
}

/// What happens next in the simulated world: events by true time, those of one time in the order in which they were pushed.
///
///     var queue = EventQueue<WorldEvent>()
///     let timer = queue.push(.timer(3), at: queue.now + .milliseconds(500))
///     queue.cancel(timer)
///     while let event = queue.pop() { handle(event, at: queue.now) }
///
/// A heap with four children a node. A cancelled event is dropped when its time comes, or when too many of them lie about:
/// nothing is searched.
struct EventQueue<Event> {
    /// Names one push for ever: a handle of an event that was popped or cancelled cancels nothing.
    struct Handle: Hashable, Sendable {
        fileprivate let ticket: UInt64
        /// Of no event.
        static var none: Handle { Handle(ticket: 0) }
    }

    /// A ticket is the push's number, and in its low bits the slot where the event lies.
    private struct Node {
        var time: Int64
        var ticket: UInt64

        @inline(__always)
        static func < (left: Node, right: Node) -> Bool {
            left.time != right.time ? left.time < right.time : left.ticket < right.ticket
        }
    }

    private static var slotBits: UInt64 { 24 }
    private static var slotMask: UInt64 { (1 << slotBits) - 1 }

    /// The time of the event that was popped last.
    private(set) var now = SimulationTime.zero
    /// Events popped so far.
    private(set) var popped = 0
    private var heap: [Node] = []
    private var events: [Event?] = []
    /// By slot; 0 where the slot is free.
    private var tickets: [UInt64] = []
    private var free: [Int] = []
    private var pushes: UInt64 = 0
    private var cancelled = 0

    init() {}

    /// Events that wait.
    var count: Int { heap.count - cancelled }
    var isEmpty: Bool { count == 0 }
    /// With the cancelled that still lie about.
    var heapCount: Int { heap.count }

    /// - Parameter time: one that has passed means now.
    @discardableResult
    mutating func push(_ event: Event, at time: SimulationTime) -> Handle {
        pushes += 1
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            events[slot] = event
        } else {
            slot = events.count
            precondition(slot < Int(Self.slotMask), "too many events wait")
            events.append(event)
            tickets.append(0)
        }
        let ticket = pushes << Self.slotBits | UInt64(slot)
        tickets[slot] = ticket
        heap.append(Node(time: max(time, now).microseconds, ticket: ticket))
        siftUp(heap.count - 1)
        return Handle(ticket: ticket)
    }

    @discardableResult
    mutating func push(_ event: Event, after delay: SimulationDuration) -> Handle { push(event, at: now + delay) }

    /// - Returns: whether the event was still to come.
    @discardableResult
    mutating func cancel(_ handle: Handle) -> Bool {
        let slot = Int(handle.ticket & Self.slotMask)
        guard handle.ticket != 0, slot < tickets.count, tickets[slot] == handle.ticket else { return false }
        release(slot)
        cancelled += 1
        if cancelled > 64, cancelled * 2 > heap.count { sweep() }
        return true
    }

    func isPending(_ handle: Handle) -> Bool {
        let slot = Int(handle.ticket & Self.slotMask)
        return handle.ticket != 0 && slot < tickets.count && tickets[slot] == handle.ticket
    }

    /// The next event; its time is ``now`` from then on.
    mutating func pop() -> Event? {
        while let node = removeFirst() {
            let slot = Int(node.ticket & Self.slotMask)
            guard tickets[slot] == node.ticket else {
                cancelled -= 1
                continue
            }
            now = SimulationTime(microseconds: node.time)
            popped += 1
            let event = events[slot]
            release(slot)
            return event
        }
        return nil
    }

    /// The next event, unless it lies after `limit`; then time goes on to `limit`.
    mutating func pop(until limit: SimulationTime) -> Event? {
        if let time = nextTime, time <= limit { return pop() }
        now = max(now, limit)
        return nil
    }

    /// When the next event is due.
    var nextTime: SimulationTime? {
        mutating get {
            while let node = heap.first {
                if tickets[Int(node.ticket & Self.slotMask)] == node.ticket {
                    return SimulationTime(microseconds: node.time)
                }
                _ = removeFirst()
                cancelled -= 1
            }
            return nil
        }
    }

    @inline(__always)
    private mutating func release(_ slot: Int) {
        events[slot] = nil
        tickets[slot] = 0
        free.append(slot)
    }

    private mutating func removeFirst() -> Node? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown(0)
        }
        return first
    }

    private mutating func siftUp(_ start: Int) {
        heap.withUnsafeMutableBufferPointer { heap in
            var index = start
            let node = heap[index]
            while index > 0 {
                let parent = (index - 1) >> 2
                guard node < heap[parent] else { break }
                heap[index] = heap[parent]
                index = parent
            }
            heap[index] = node
        }
    }

    private mutating func siftDown(_ start: Int) {
        heap.withUnsafeMutableBufferPointer { heap in
            var index = start
            let node = heap[index]
            let count = heap.count
            while true {
                let first = index << 2 + 1
                guard first < count else { break }
                var least = first
                for child in (first + 1)..<max(first + 1, min(first + 4, count)) where heap[child] < heap[least] {
                    least = child
                }
                guard heap[least] < node else { break }
                heap[index] = heap[least]
                index = least
            }
            heap[index] = node
        }
    }

    /// Takes the cancelled out of the heap.
    private mutating func sweep() {
        heap.removeAll { tickets[Int($0.ticket & Self.slotMask)] != $0.ticket }
        cancelled = 0
        for index in stride(from: (heap.count - 2) >> 2, through: 0, by: -1) where index < heap.count {
            siftDown(index)
        }
    }
}

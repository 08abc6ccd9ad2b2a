import CFoundryLinux
import FoundryModel
import Glibc
import Synchronization

/// One thread that waits for descriptors: ends of processes, connections, answers on pipes.
///
/// It holds at most `capacity` at a time; what comes beyond that expires at once.
public final class DescriptorWatch: Sendable {
    public enum Outcome: Sendable {
        case ready
        case expired
    }

    public static let shared = DescriptorWatch()
    public static let capacity = 4096

    private struct Entry {
        var descriptor: Int32
        var events: Int16
        var deadline: MonotonicTime?
        var done: @Sendable (Outcome) -> Void
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var next = 0
    }

    private let state = Mutex(State())
    private let alarm: (reader: Int32, writer: Int32)

    private init() {
        var (reader, writer) = (Int32(-1), Int32(-1))
        precondition(foundry_pipe(&reader, &writer) == 0, "the machine gives no more descriptors")
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        alarm = (reader, writer)
        OwnThread.start { [self] in while true { turn() } }
    }

    /// Waits once. The descriptor stays open until `done` was called, which happens on the watch's own thread: it must be brief.
    ///
    /// - Parameter deadline: nil only for what is sure to come, as the end of a process is.
    public func add(
        _ descriptor: Int32, for events: Int32, until deadline: MonotonicTime?,
        _ done: @escaping @Sendable (Outcome) -> Void
    ) {
        let entry = Entry(
            descriptor: descriptor, events: Int16(truncatingIfNeeded: events), deadline: deadline, done: done)
        let isTaken = state.withLock { state in
            guard state.entries.count < Self.capacity else { return false }
            state.entries[state.next] = entry
            state.next += 1
            return true
        }
        guard isTaken else { return done(.expired) }
        var byte: UInt8 = 1
        // A full pipe wakes the thread as well as one byte does.
        _ = write(alarm.writer, &byte, 1)
    }

    public func wait(_ descriptor: Int32, for events: Int32, limitMilliseconds: Int64) async -> Outcome {
        await withCheckedContinuation { continuation in
            add(descriptor, for: events, until: SystemClock.monotonic() + limitMilliseconds) {
                continuation.resume(returning: $0)
            }
        }
    }

    /// As `wait`, and back at once when the task is cancelled: the descriptor must stay open until the limit all the same.
    public func waitOrCancel(_ descriptor: Int32, for events: Int32, limitMilliseconds: Int64) async -> Outcome {
        let gate = OnceGate()
        return await withTaskCancellationHandler {
            let held = Held(gate: gate)
            add(descriptor, for: events, until: SystemClock.monotonic() + limitMilliseconds) { held.set($0) }
            await gate.wait()
            return held.outcome
        } onCancel: {
            gate.open()
        }
    }

    private final class Held: Sendable {
        private let gate: OnceGate
        private let state = Mutex(Outcome.expired)

        init(gate: OnceGate) { self.gate = gate }
        var outcome: Outcome { state.withLock { $0 } }
        func set(_ outcome: Outcome) {
            state.withLock { $0 = outcome }
            gate.open()
        }
    }

    private func turn() {
        let entries = state.withLock { $0.entries }
        let ids = Array(entries.keys)
        var polled = [pollfd(fd: alarm.reader, events: Int16(POLLIN), revents: 0)]
        polled += ids.map { pollfd(fd: entries[$0]!.descriptor, events: entries[$0]!.events, revents: 0) }
        poll(&polled, nfds_t(polled.count), timeout(entries.values.lazy.compactMap(\.deadline).min()))
        drainAlarm()
        let now = SystemClock.monotonic()
        var finished: [(Entry, Outcome)] = []
        for (index, id) in ids.enumerated() {
            let entry = entries[id]!
            if polled[index + 1].revents != 0 {
                finished.append((entry, .ready))
            } else if let deadline = entry.deadline, deadline <= now {
                finished.append((entry, .expired))
            } else {
                continue
            }
            state.withLock { $0.entries[id] = nil }
        }
        for (entry, outcome) in finished { entry.done(outcome) }
    }

    private func timeout(_ deadline: MonotonicTime?) -> Int32 {
        guard let deadline else { return -1 }
        return Int32(clamping: max(0, deadline - SystemClock.monotonic()))
    }

    private func drainAlarm() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(alarm.reader, &bytes, bytes.count) == bytes.count {}
    }
}

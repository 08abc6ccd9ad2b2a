import FoundryModel

/// How long what a program wrote may be in memory only, under a deferral that the platform does.
public enum FlushRule {
    /// Past it the member is held until its volume is flushed.
    public static func longestExposure(_ milliseconds: Int64) -> Int64 { 2 * milliseconds + 1_000 }
}

/// Flushes one volume again and again, and holds its member while that takes too long; design 4.
public struct FlushMachine: Hashable, Sendable {
    public enum Event: Hashable, Sendable {
        case tick
        case flushed
        case failed
    }

    public enum Effect: Hashable, Sendable {
        case flush
        /// Nothing of the member runs until it is released.
        case hold
        case release
        /// The flush failed: the member ends.
        case stop
    }

    private enum State: Hashable, Sendable {
        case resting(until: MonotonicTime)
        case flushing(since: MonotonicTime)
        case failed
    }

    private let milliseconds: Int64
    private var state: State
    /// What was written before it is on the disk.
    public private(set) var flushedAt: MonotonicTime
    public private(set) var isHeld = false

    public init(milliseconds: Int64, now: MonotonicTime) {
        self.milliseconds = milliseconds
        flushedAt = now
        state = .resting(until: now + milliseconds)
    }

    /// Milliseconds of writes that a power cut would take now.
    public func exposure(now: MonotonicTime) -> Int64 { max(0, now - flushedAt) }

    /// When a tick is due; nil: only the flush's end is waited for, or nothing.
    public var nextWake: MonotonicTime? {
        let hold = isHeld ? nil : holdDue
        switch state {
        case .resting(let until): return min(hold ?? until, until)
        case .flushing: return hold
        case .failed: return nil
        }
    }

    public mutating func handle(_ event: Event, now: MonotonicTime) -> [Effect] {
        switch (event, state) {
        case (_, .failed): return []
        case (.tick, .resting(let until)):
            var effects: [Effect] = []
            if now >= until {
                state = .flushing(since: now)
                effects.append(.flush)
            }
            return effects + holding(now)
        case (.tick, .flushing): return holding(now)
        case (.flushed, .flushing(let since)):
            flushedAt = since
            state = .resting(until: now + milliseconds)
            guard isHeld else { return [] }
            isHeld = false
            return [.release]
        case (.failed, .flushing), (.failed, .resting):
            state = .failed
            return [.stop]
        // Nobody asked for it.
        case (.flushed, .resting): return []
        }
    }

    private var holdDue: MonotonicTime { flushedAt + FlushRule.longestExposure(milliseconds) + 1 }

    private mutating func holding(_ now: MonotonicTime) -> [Effect] {
        guard !isHeld, now >= holdDue else { return [] }
        isHeld = true
        return [.hold]
    }
}

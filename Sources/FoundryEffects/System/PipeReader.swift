import FoundryModel
import Glibc

/// Reads what a program writes into a pipe until it ends, is too much, or takes too long. Whoever holds the program ends it.
public struct PipeReader: Sendable {
    public enum Outcome: Sendable {
        case ended
        case tooLarge
        case late
    }

    private static let chunk = 256 << 10
    private static let longestText = 64 << 10

    private let source: Int32
    private let deadline: MonotonicTime

    public init(_ source: Int32, deadline: MonotonicTime) {
        self.source = source
        self.deadline = deadline
    }

    /// - Parameter take: false: it cannot take more before the deadline.
    /// - Throws: what `take` throws.
    public func run(atMost limit: ByteCount, _ take: (ArraySlice<UInt8>) throws -> Bool) rethrows -> Outcome {
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        var total: Int64 = 0
        while SystemClock.monotonic() < deadline {
            guard Self.wait(source, POLLIN, deadline) else { return .late }
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .ended }
            total += Int64(count)
            guard total <= limit.bytes else { return .tooLarge }
            guard try take(buffer[..<count]) else { return .late }
        }
        return .late
    }

    /// All that comes until the other side closes, or the deadline; a bounded part of it is kept.
    public func text() -> String {
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while Self.wait(source, POLLIN, deadline) {
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            kept += buffer[..<count]
            if kept.count > Self.longestText { kept.removeFirst(kept.count - Self.longestText) }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    /// - Parameter events: as poll(2) has them.
    /// - Returns: false when nothing of it happened before the deadline.
    public static func wait(_ descriptor: Int32, _ events: Int32, _ deadline: MonotonicTime) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let result = poll(&polled, 1, Int32(clamping: max(0, deadline - SystemClock.monotonic())))
            if result < 0, errno == EINTR { continue }
            return result > 0
        }
    }
}

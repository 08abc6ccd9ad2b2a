import FoundryEffects
import FoundryModel
import Glibc

/// Hands what comes out of one pipe to several others; runs on a thread where a closed pipe is an error, not a signal.
struct LayerPump {
    enum Outcome {
        case ended
        case tooLarge
        case late
    }

    private static let chunk = 256 << 10
    private static let pipeSize: Int32 = 1 << 20
    /// F_SETPIPE_SZ
    private static let setPipeSize: Int32 = 1031
    private static let longestText = 64 << 10

    let source: Int32
    /// One that was closed by its reader is passed over: its exit code tells why.
    let sinks: [Int32]
    let deadline: MonotonicTime

    func run(atMost limit: ByteCount) -> Outcome {
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        var open = sinks
        for sink in sinks {
            _ = fcntl(sink, F_SETFL, O_NONBLOCK)
            _ = fcntl(sink, Self.setPipeSize, Self.pipeSize)
        }
        var total: Int64 = 0
        while true {
            guard Self.wait(source, POLLIN, deadline) else { return .late }
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .ended }
            total += Int64(count)
            guard total <= limit.bytes else { return .tooLarge }
            for sink in open {
                switch send(buffer[..<count], to: sink) {
                case .done: break
                case .closed: open.removeAll { $0 == sink }
                case .late: return .late
                }
            }
        }
    }

    private enum Sent {
        case done
        case closed
        case late
    }

    private func send(_ bytes: ArraySlice<UInt8>, to sink: Int32) -> Sent {
        var rest = bytes
        while !rest.isEmpty {
            guard Self.wait(sink, POLLOUT, deadline) else { return .late }
            let count = rest.withUnsafeBytes { write(sink, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return .closed }
            rest = rest.dropFirst(count)
        }
        return .done
    }

    /// All that comes until the other side closes, or the deadline; a bounded part of it is kept.
    static func text(_ descriptor: Int32, deadline: MonotonicTime) -> String {
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while wait(descriptor, POLLIN, deadline) {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            kept += buffer[..<count]
            if kept.count > longestText { kept.removeFirst(kept.count - longestText) }
        }
        return String(decoding: kept, as: UTF8.self)
    }

    private static func wait(_ descriptor: Int32, _ events: Int32, _ deadline: MonotonicTime) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let result = poll(&polled, 1, Int32(clamping: max(0, deadline - SystemClock.monotonic())))
            if result < 0, errno == EINTR { continue }
            return result > 0
        }
    }
}

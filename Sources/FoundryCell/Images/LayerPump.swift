import FoundryEffects
import FoundryModel
import Glibc

/// Hands what comes out of one pipe to several others; runs on a thread where a closed pipe is an error, not a signal.
struct LayerPump {
    private static let pipeSize: Int32 = 1 << 20
    /// F_SETPIPE_SZ
    private static let setPipeSize: Int32 = 1031

    let source: Int32
    /// One that was closed by its reader is passed over: its exit code tells why.
    let sinks: [Int32]
    let deadline: MonotonicTime

    func run(atMost limit: ByteCount) -> PipeReader.Outcome {
        var open = sinks
        for sink in sinks {
            _ = fcntl(sink, F_SETFL, O_NONBLOCK)
            _ = fcntl(sink, Self.setPipeSize, Self.pipeSize)
        }
        return PipeReader(source, deadline: deadline).run(atMost: limit) { bytes in
            for sink in open {
                switch send(bytes, to: sink) {
                case .done: break
                case .closed: open.removeAll { $0 == sink }
                case .late: return false
                }
            }
            return true
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
            guard PipeReader.wait(sink, POLLOUT, deadline) else { return .late }
            let count = rest.withUnsafeBytes { write(sink, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return .closed }
            rest = rest.dropFirst(count)
        }
        return .done
    }
}

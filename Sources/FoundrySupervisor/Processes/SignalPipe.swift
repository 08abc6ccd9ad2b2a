import CFoundryLinux
import FoundryModel
import Glibc

/// Turns signals into something that can be waited for beside other things. One per process.
struct SignalPipe {
    let descriptor: Int32

    init(_ signals: [Int32]) throws(FoundryError) {
        descriptor = foundry_signal_pipe(signals, Int32(signals.count))
        guard descriptor >= 0 else {
            throw FoundryError(.internalError, "Signals cannot be caught.", detail: String(cString: strerror(errno)))
        }
    }

    /// The signals that came since the last call, oldest first; never waits.
    func read() -> [Int32] {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count > 0 ? buffer.prefix(count).map(Int32.init) : []
    }
}

import FoundryModel
import Synchronization

/// How each log drain fares, since this server started.
final class LogDrainBoard: Sendable {
    struct Standing: Sendable {
        var isConnected = false
        /// Messages that its server took.
        var sent: Int64 = 0
        var dropped: Int64 = 0
        /// What went wrong last, while it is not connected.
        var problem: String?
    }

    private let standings = Mutex<[LogDrainID: Standing]>([:])

    subscript(id: LogDrainID) -> Standing { standings.withLock { $0[id] ?? Standing() } }

    func change(_ id: LogDrainID, _ body: @Sendable (inout Standing) -> Void) {
        standings.withLock { body(&$0[id, default: Standing()]) }
    }

    func forget(_ id: LogDrainID) { standings.withLock { $0[id] = nil } }
}

import Foundation
import Synchronization

/// Keeps a listener's queue of connections full, so that the kernel takes no more for it.
final class Flood: Sendable {
    private struct State {
        var sockets: [Int32] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let address: String
    private let port: Int

    init(address: String, port: Int) throws {
        self.address = address
        self.port = port
    }

    /// Begins on a thread of its own.
    func start() {
        Thread.detachNewThread { [self] in
            while !state.withLock({ $0.isStopped }) {
                let socket = connect()
                let count = state.withLock { state in
                    state.sockets.append(socket)
                    return state.sockets.count
                }
                usleep(count < 700 ? 200 : 20_000)
            }
            state.withLock { state in
                for socket in state.sockets { close(socket) }
                state.sockets = []
            }
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }

    private func connect() -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(port).bigEndian
        inet_pton(AF_INET, address, &target.sin_addr)
        _ = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }
}

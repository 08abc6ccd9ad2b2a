import FoundryEffects
import Glibc
import Synchronization

@testable import FoundryCell

/// A server on loopback that answers every connection the same way, and keeps what it was asked.
final class ProbeServer: Sendable {
    enum Answer: Sendable {
        /// Says nothing, and keeps the connection.
        case nothing
        /// Speaks first.
        case greets([UInt8])
        /// Waits for a request, then sends these parts with a pause between them, and keeps the connection.
        case parts([[UInt8]])
        /// The same, and closes it.
        case last([UInt8])
    }

    let port: Int
    private let descriptor: Int32
    private let asked = Mutex<[UInt8]>([])
    private let open = Mutex<[Int32]>([])

    static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    init(_ answer: Answer) {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(server, address, size) == 0 && listen(server, 16) == 0 && getsockname(server, address, &size) == 0
            }
        }
        precondition(isListening, "loopback gives no port")
        descriptor = server
        port = Int(UInt16(bigEndian: address.sin_port))
        // The thread closes all that it has: nobody else can have got those numbers meanwhile.
        OwnThread.start { [self] in
            while case let connection = accept(server, nil, nil), connection >= 0 { serve(connection, answer) }
            for descriptor in open.withLock(\.self) { close(descriptor) }
            close(server)
        }
    }

    /// Ends it and every connection.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        for connection in open.withLock(\.self) { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    var request: [UInt8] { asked.withLock { $0 } }

    private func serve(_ connection: Int32, _ answer: Answer) {
        open.withLock { $0.append(connection) }
        switch answer {
        case .nothing: break
        case .greets(let bytes): send(bytes, connection)
        case .parts(let parts):
            read(connection)
            for part in parts {
                send(part, connection)
                usleep(20_000)
            }
        case .last(let bytes):
            read(connection)
            send(bytes, connection)
            shutdown(connection, Int32(SHUT_RDWR))
        }
    }

    private func read(_ connection: Int32) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(connection, &buffer, buffer.count, 0)
        asked.withLock { $0 += buffer.prefix(max(0, count)) }
    }

    private func send(_ bytes: [UInt8], _ connection: Int32) {
        _ = Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}

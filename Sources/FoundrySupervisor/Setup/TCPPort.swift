import Glibc

/// Which ports of the machine can be listened on.
public enum TCPPort {
    /// Tried for real: bound and let go.
    ///
    /// - Parameter address: an IPv4 address of this machine.
    public static func isFree(_ port: Int, address: String = "127.0.0.1") -> Bool {
        guard let number = UInt16(exactly: port), number > 0 else { return false }
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        // Connections that have ended do not hold a port.
        var reuse: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = number.bigEndian
        guard inet_pton(AF_INET, address, &name.sin_addr) == 1 else { return false }
        return withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Those of the range that somebody listens on.
    public static func taken(_ range: ClosedRange<Int>, address: String = "127.0.0.1") -> [Int] {
        range.filter { !isFree($0, address: address) }
    }
}

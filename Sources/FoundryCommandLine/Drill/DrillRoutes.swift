import FoundryModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Which ports lead somewhere, as HAProxy itself has them. It listens on all of a range, so that a port is open says nothing.
enum DrillRoutes {
    private static let limit = timeval(tv_sec: 5, tv_usec: 0)

    /// - Parameter socket: of HAProxy's runtime API.
    /// - Parameter map: from a port to what it leads to.
    static func ports(socket path: String, map: String) throws(DrillFailure) -> Set<Int> {
        try ports(in: try answer("show map \(map)\n", from: path))
    }

    /// - Parameter answer: lines of a pointer, the key and the value.
    static func ports(in answer: String) throws(DrillFailure) -> Set<Int> {
        var ports: Set<Int> = []
        for line in answer.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ", maxSplits: 2)
            guard fields.count == 3, fields[0].hasPrefix("0x"), let port = Int(fields[1]) else {
                throw DrillFailure("HAProxy does not tell its routes: \(line.prefix(100))")
            }
            ports.insert(port)
        }
        return ports
    }

    /// One command; HAProxy ends the connection after its answer.
    private static func answer(_ command: String, from path: String) throws(DrillFailure) -> String {
        #if canImport(Glibc)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
        let descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)
        #endif
        guard descriptor >= 0 else { throw DrillFailure("no socket can be made: errno \(errno)") }
        defer { close(descriptor) }
        var limit = Self.limit
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw DrillFailure("the path of HAProxy's socket is too long") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        let bytes = Array(command.utf8)
        guard isConnected, write(descriptor, bytes, bytes.count) == bytes.count else {
            throw DrillFailure("HAProxy cannot be asked for its routes: errno \(errno)")
        }
        var answer: [UInt8] = []
        var page = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &page, page.count)
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            guard count > 0 else { throw DrillFailure("HAProxy did not tell its routes: errno \(errno)") }
            answer += page.prefix(count)
        }
    }
}

import Glibc

/// Ports of loopback that nobody listens on.
public enum FreePorts {
    struct NoneFree: Error {}

    /// Below those that the kernel gives to outgoing connections, so that none of these takes one before the server does.
    private static let range = 24_000..<32_000

    /// - Returns: the first of so many, side by side.
    public static func first(of count: Int = 1) throws -> Int {
        for _ in 0..<50 {
            let port = Int.random(in: range)
            if (port..<port + count).allSatisfy(isFree) { return port }
        }
        throw NoneFree()
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

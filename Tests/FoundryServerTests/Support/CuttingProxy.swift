import Foundation
import FoundryTestSupport
import Glibc

/// Passes requests on to a registry, and breaks off in the middle of one blob.
final class CuttingProxy: Sendable {
    let port: Int
    private let listener: Int32
    /// The first byte of a TLS connection.
    private static let handshake: UInt8 = 22

    /// - Parameter target: a port of loopback.
    /// - Parameter blob: whose answer is cut; its digest.
    init(to target: Int, cutting blob: String) throws {
        port = try FreePorts.first()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        guard Self.withLoopback(port, { bind(listener, $0, $1) }) == 0, listen(listener, 16) == 0 else {
            throw POSIXError(.EADDRINUSE)
        }
        Thread.detachNewThread {
            while case let client = accept(listener, nil, nil), client >= 0 {
                Thread.detachNewThread {
                    Self.serve(client, target: target, blob: blob)
                    close(client)
                }
            }
        }
    }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }
    deinit { close(listener) }

    /// One request a connection.
    private static func serve(_ client: Int32, target: Int, blob: String) {
        var head = [UInt8]()
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]), read(client, &byte, 1) == 1 {
            head.append(byte)
            // TLS is tried first: hung up on, as by a server that has none.
            if head == [Self.handshake] { return }
        }
        let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(upstream) }
        guard withLoopback(target, { connect(upstream, $0, $1) }) == 0 else { return }
        let text = String(decoding: head.dropLast(2), as: UTF8.self) + "Connection: close\r\n\r\n"
        guard text.utf8CString.withUnsafeBytes({ write(upstream, $0.baseAddress, $0.count - 1) }) > 0 else { return }
        var left = text.contains(blob) ? 4_000 : Int.max
        var buffer = [UInt8](repeating: 0, count: 4_000)
        while left > 0, case let count = read(upstream, &buffer, min(buffer.count, left)), count > 0 {
            guard write(client, buffer, count) == count else { return }
            left -= count
        }
    }

    private static func withLoopback(
        _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}

import Foundation

/// Speaks RESP over one TCP connection at a time; every call has a limit of time.
final class RedisClient {
    let port: Int
    private var descriptor: Int32 = -1

    init(port: Int) { self.port = port }
    deinit { close() }

    /// - Returns: the answer's text; nil for redis's own nil.
    /// - Throws: when there is no connection, it broke, or two seconds passed: whether the command was done is unknown then.
    func command(_ words: String...) throws -> String? {
        do {
            if descriptor < 0 { try connect() }
            let request = "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
            try send(Array(request.utf8))
            let line = try readLine()
            switch line.first {
            case "+", ":": return String(line.dropFirst())
            case "-": throw Failure("redis: \(line)")
            case "$":
                guard let count = Int(line.dropFirst()), count >= 0 else { return nil }
                return String(decoding: try read(count + 2).dropLast(2), as: UTF8.self)
            default: throw Failure("not an answer: \(line)")
            }
        } catch {
            close()
            throw error
        }
    }

    private func connect() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 2, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure("no connection: errno \(errno)") }
    }

    private func send(_ bytes: [UInt8]) throws {
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure("the connection broke while sending")
        }
    }

    private func readLine() throws -> String {
        var line: [UInt8] = []
        while line.count < 1_000 {
            var byte: UInt8 = 0
            guard recv(descriptor, &byte, 1, 0) == 1 else { throw Failure("the connection broke while reading") }
            if byte == 10 { return String(decoding: line.dropLast(), as: UTF8.self) }
            line.append(byte)
        }
        throw Failure("a line without an end")
    }

    private func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(descriptor, &buffer, buffer.count, 0)
            guard got > 0 else { throw Failure("the connection broke while reading") }
            bytes += buffer[..<got]
        }
        return bytes
    }

    private func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}

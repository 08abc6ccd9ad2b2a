import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc

/// One TCP connection of one check, with one limit of time for all that is done on it.
final class ProbeConnection: Sendable {
    /// No answer that is looked for is longer.
    static let mostBytes = 4_096

    /// What was read until it was enough, or could not become it.
    enum Reading {
        case bytes([UInt8])
        case failed(CheckFailure)
    }

    private let deadline: MonotonicTime
    nonisolated(unsafe) private var descriptor: Int32 = -1

    init(limitMilliseconds: Int64) { deadline = SystemClock.monotonic() + limitMilliseconds }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Returns: false when there is no connection within the time.
    func open(address: String, port: Int) async -> Bool {
        guard descriptor < 0, let port = UInt16(exactly: port) else { return false }
        descriptor = foundry_connect_begin(address, port)
        guard descriptor >= 0 else { return false }
        return await wait(for: POLLOUT) && foundry_connect_result(descriptor) == 0
    }

    /// - Returns: how it failed; nil when all was sent.
    func send(_ bytes: [UInt8]) async -> CheckFailure? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                guard await wait(for: POLLOUT) else { return .silent }
            } else {
                return .closed
            }
        }
        return nil
    }

    /// - Parameter isEnough: of all that was read so far.
    func receive(until isEnough: @Sendable ([UInt8]) -> Bool) async -> Reading {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1_024)
        while !isEnough(bytes) {
            guard bytes.count < Self.mostBytes else { return .failed(.garbled) }
            guard await wait(for: POLLIN) else { return .failed(.silent) }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                return .failed(bytes.isEmpty ? .closed : .garbled)
            }
        }
        return .bytes(bytes)
    }

    private func wait(for events: Int32) async -> Bool {
        let left = deadline - SystemClock.monotonic()
        guard left > 0 else { return false }
        return await DescriptorWatch.shared.wait(descriptor, for: events, limitMilliseconds: left) == .ready
    }
}

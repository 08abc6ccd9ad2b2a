import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import Testing

@testable import FoundryCell

@Suite("A health probe", .serialized)
struct HealthTests {
    private func ask(_ port: Int, address: String = "127.0.0.1", limit: Int64 = 1_000) async -> CheckVerdict {
        await HealthProbe.ask(.port(port), address: address, timeoutMilliseconds: limit)
    }

    /// Listens on a port of loopback that the kernel chooses.
    private func listening(_ body: (Int) async throws -> Void) async throws {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port =
            withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(server, address, size) == 0 && listen(server, 4096) == 0
                        && getsockname(server, address, &size) == 0
                }
            } ? Int(UInt16(bigEndian: address.sin_port)) : 0
        #expect(port > 0)
        try await body(port)
    }

    @Test("says yes where a port listens, no where none does, and waits no longer than it may")
    func answers() async throws {
        try await listening { port in
            #expect(await ask(port) == .serves)
        }
        #expect(await ask(1) == .fails(.refused))
        #expect(await ask(80, address: "no address") == .fails(.refused))
        #expect(await ask(70_000) == .fails(.refused))
    }

    @Test("gives up at its limit when nobody answers")
    func silence() async throws {
        // A queue of one that is full: further connections get no answer.
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                #expect(
                    bind(server, address, size) == 0 && listen(server, 0) == 0
                        && getsockname(server, address, &size) == 0)
            }
        }
        let port = Int(UInt16(bigEndian: address.sin_port))
        var answers: [CheckVerdict] = []
        let began = SystemClock.monotonic()
        for _ in 0..<3 {
            answers.append(await ask(port, limit: 200))
        }
        #expect(answers.last == .fails(.refused))
        #expect(SystemClock.monotonic() - began < 2_000)
    }
}

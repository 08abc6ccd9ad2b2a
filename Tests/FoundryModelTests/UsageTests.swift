import FoundryModel
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What members use, on its way to the server")
struct UsageTests {
    private static func arrived<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    }

    @Test("Nothing of a measurement is lost, what the kernel did not say among it")
    func members() throws {
        let device = DeviceUsage(
            reads: 1, readBytes: ByteCount(bytes: 512), writes: 2, writtenBytes: ByteCount(bytes: 1024), flushes: 3,
            busyMilliseconds: 4)
        let volume = VolumeUsage(id: VolumeID("v1")!, used: .megabytes(1), size: .megabytes(9), device: device)
        let usage = CellUsage(
            cell: CellID("c1")!,
            members: [
                MemberUsage(
                    id: MemberID("m1")!, cpuMicroseconds: 5, throttledMicroseconds: 6, memory: .megabytes(7),
                    cache: .megabytes(8), memoryLimit: .megabytes(9), memoryKills: 1, volume: volume,
                    exposureMilliseconds: 40),
                MemberUsage(id: MemberID("m2")!),
            ])
        #expect(try Self.arrived(usage) == usage)
        #expect(try Self.arrived(UsageReceipt(nextMilliseconds: 2_000)).nextMilliseconds == 2_000)
    }

    @Test("Nor is anything of what went through the routes")
    func routes() throws {
        let usage = RouterUsage(routes: [
            RouteUsage(
                scope: .loopback, port: 20_000, member: MemberID("m1")!, connections: 1, totalConnections: 2,
                received: ByteCount(bytes: 3), sent: ByteCount(bytes: 4))
        ])
        #expect(try Self.arrived(usage) == usage)
    }
}

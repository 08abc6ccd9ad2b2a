import FoundryModel
import FoundryTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("How a disk syncs, and how fast it may go")
struct DiskPolicyTests {
    @Test("Each way to sync is read as it is written; 200 ms where a deferral says nothing")
    func words() {
        #expect(DiskSync(parsing: "immediate") == .immediate && DiskSync(parsing: "normal") == .normal)
        #expect(DiskSync(parsing: "defer") == .deferred(milliseconds: 200))
        #expect(DiskSync(parsing: "defer:10") == .deferred(milliseconds: 10))
        #expect(DiskSync(parsing: "defer:60000")?.description == "defer:60000")
        for text in [
            "", "Normal", "defer:", "defer:9", "defer:60001", "defer:-20", "defer:1e3", "defer: 20", "deferred",
        ] {
            #expect(DiskSync(parsing: text) == nil, "\(text)")
        }
    }

    @Test("It is stored as its word, and no other word is read back")
    func stored() throws {
        let disk = DiskSpec(
            size: .gigabytes(1), mounts: [], sync: .deferred(milliseconds: 40), io: .low, tolerates: [.reorder])
        let text = try JSONEncoder().encode(disk)
        #expect(String(decoding: text, as: UTF8.self).contains(#""sync":"defer:40""#))
        #expect(try JSONDecoder().decode(DiskSpec.self, from: text) == disk)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(DiskSpec.self, from: Data(#"{"size":1,"mounts":[],"sync":"later"}"#.utf8))
        }
    }

    @Test("A record from before there were policies syncs as its program says, as fast as it can")
    func older() throws {
        let disk = try JSONDecoder().decode(DiskSpec.self, from: Data(#"{"size":1,"mounts":[]}"#.utf8))
        #expect(disk == DiskSpec(size: ByteCount(bytes: 1), mounts: []))
        #expect(disk.sync == .normal && disk.io == .max && disk.tolerates == [])
    }

    @Test("The classes grow, and the last has no ceiling")
    func classes() {
        let ceilings = IOClass.allCases.map(\.ceiling)
        #expect(ceilings.last == .some(nil))
        let figures = ceilings.compactMap { $0 }
        #expect(figures.count == 3)
        for (slower, faster) in zip(figures, figures.dropFirst()) {
            #expect(slower.bytesPerSecond < faster.bytesPerSecond)
            #expect(slower.operationsPerSecond < faster.operationsPerSecond)
        }
    }
}

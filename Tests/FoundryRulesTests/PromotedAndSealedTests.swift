import FoundryModel
import FoundryRules
import Testing

@Suite("A copy that was promoted, and sealed before that was recorded")
struct PromotedAndSealedTests {
    private static let origin = CopyOrigin(branch: 1, epoch: Epoch(1))

    /// Its disk is to be taken under epoch 2.
    private static func bench() throws -> ControllerBench {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"))
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        let id = try bench.volume("demo").id
        var volume = try #require(bench.view.volumes[id])
        volume.value.epoch = Epoch(2)
        volume.value.origin = origin
        #expect(bench.write([.put(.volume(volume.value), expects: .revision(volume.revision))]) != nil)
        return bench
    }

    @Test("Sealed in order while its member shall run, it is granted as the holder's, and not promoted a second time")
    func goesOn() throws {
        var bench = try Self.bench()
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 2, sealed: true)])
        let volume = try bench.volume("demo")
        #expect(volume.epoch == Epoch(3) && volume.sealedAt == Epoch(2) && volume.origin == nil)
    }

    @Test(
        "Its member was stopped: what was taken is no copy any more, and what was not is one still",
        arguments: [(UInt64(2), nil), (UInt64(1), origin)])
    func stops(epoch: UInt64, origin: CopyOrigin?) throws {
        var bench = try Self.bench()
        _ = try bench.stop("demo")
        _ = bench.cell(
            [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: epoch, sealed: true)])
        let volume = try bench.volume("demo")
        #expect(volume.phase == .sealed && volume.sealedAt == Epoch(epoch) && volume.origin == origin)
    }
}

import FoundryModel
import Testing

@testable import FoundrySimulation

struct DiskTests {
    typealias Disk = SimulatedDisk<Int>
    private let label = DiskFile(.outerLabel, 1)
    private let later = SimulationTime.zero + .seconds(1)

    private func disk(_ faults: DiskFaults = .none, seed: UInt64 = 1) -> Disk {
        var disk = Disk(random: SimulationRandom(seed: seed), counters: FaultCounters())
        disk.faults = faults
        return disk
    }

    @discardableResult
    private func perform(_ request: DiskRequest<Int>, on disk: inout Disk) -> DiskAnswer<Int>? {
        let ticket = disk.submit(request, at: .zero)
        return disk.complete(ticket.operation, at: ticket.due ?? .zero)
    }

    private func write(_ number: Int64) -> DataWrite { DataWrite(epoch: Epoch(1), branch: 1, number: number) }

    @Test func whatWasWrittenIsReadSyncedOrNot() {
        var disk = disk()
        #expect(perform(.read(label), on: &disk) == .content(.absent))
        #expect(perform(.overwrite(label, 7), on: &disk) == .done)
        #expect(perform(.read(label), on: &disk) == .content(.value(7)))
        #expect(disk.durableContents(of: label) == .absent)
        #expect(perform(.sync(label), on: &disk) == .done)
        #expect(disk.durableContents(of: label) == .value(7))
        perform(.remove(label), on: &disk)
        #expect(disk.contents(of: label) == .absent)
        #expect(disk.durableContents(of: label) == .value(7))
        perform(.replace(label, 9), on: &disk)
        #expect(disk.durableContents(of: label) == .value(9))
        #expect(disk.waiting == 0)
    }

    @Test func aSyncCoversWhatWasWrittenBeforeItWasAskedForAndNoMore() {
        var disk = disk()
        perform(.overwrite(label, 1), on: &disk)
        let sync = disk.submit(.sync(label), at: .zero)
        perform(.overwrite(label, 2), on: &disk)
        _ = disk.complete(sync.operation, at: later)
        #expect(disk.durableContents(of: label) == .value(1))
        #expect(disk.contents(of: label) == .value(2))
    }

    @Test func syncsTakeMillisecondsAndQueueForTheDiskWhileThePageCacheDoesNot() {
        var disk = disk()
        var dues: [SimulationTime] = []
        for _ in 0..<200 { dues.append(disk.submit(.sync(label), at: .zero).due ?? .never) }
        #expect(dues == dues.sorted())
        let each = dues[199].microseconds / 200
        #expect((1_300...4_000).contains(each))
        let cached = disk.submit(.overwrite(label, 1), at: .zero).due ?? .never
        #expect(cached < .zero + .milliseconds(6))
    }

    @Test func aSlowDiskTakesManyTimesAsLong() {
        var faults = DiskFaults.none
        faults.slowness = 100
        var disk = disk(faults)
        #expect((disk.submit(.sync(label), at: .zero).due ?? .zero) >= .zero + .milliseconds(110))
        #expect(disk.counters[.diskSlow] == 1)
    }

    @Test func aFullDiskRefusesWritesAndStillReadsAndSyncs() {
        var disk = disk()
        perform(.overwrite(label, 1), on: &disk)
        disk.faults.isFull = true
        #expect(perform(.overwrite(label, 2), on: &disk) == .failed(.full))
        #expect(perform(.append(volume: 0, write(1), synced: true), on: &disk) == .failed(.full))
        #expect(perform(.setData(volume: 0, VolumeData()), on: &disk) == .failed(.full))
        #expect(perform(.sync(label), on: &disk) == .done)
        #expect(perform(.read(label), on: &disk) == .content(.value(1)))
        #expect(disk.data(ofVolume: 0) == nil)
        #expect(disk.counters[.diskFull] == 3)
    }

    @Test func anInputOutputErrorChangesNothing() {
        var disk = disk()
        disk.faults.inputOutputError = .always
        #expect(perform(.replace(label, 2), on: &disk) == .failed(.inputOutput))
        disk.faults.inputOutputError = .never
        #expect(disk.contents(of: label) == .absent)
        #expect(disk.counters[.diskInputOutputError] == 1)
    }

    @Test func afterAFailedSyncTheNextOneSucceedsAndTheDataIsGoneWithThePageCache() {
        var disk = disk()
        perform(.replace(label, 1), on: &disk)
        perform(.overwrite(label, 2), on: &disk)
        disk.faults.syncFailure = .always
        #expect(perform(.sync(label), on: &disk) == .failed(.inputOutput))
        disk.faults.syncFailure = .never
        #expect(perform(.sync(label), on: &disk) == .done)
        #expect(disk.contents(of: label) == .value(2))
        var other = disk
        disk.losePower()
        #expect(disk.contents(of: label) == .value(1))
        other.dropCleanPages()
        #expect(other.contents(of: label) == .value(1))
        #expect(disk.counters[.diskSyncFailed] == 1)
    }

    @Test func whatAFailedSyncOfAVolumeDidNotWriteIsMissingAfterALossOfPower() {
        var disk = disk(seed: 3)
        for number in 0..<100 { perform(.append(volume: 2, write(Int64(number)), synced: false), on: &disk) }
        disk.faults.syncFailure = .always
        #expect(perform(.syncData(volume: 2), on: &disk) == .failed(.inputOutput))
        disk.faults.syncFailure = .never
        perform(.append(volume: 2, write(100), synced: true), on: &disk)
        #expect(disk.data(ofVolume: 2)?.length == 101)
        disk.losePower()
        let data = disk.data(ofVolume: 2)
        #expect(data?.contains(100) == true)
        #expect(data?.isDamaged == true)
    }

    @Test func nothingIsDoneWhileTheDiskHangsAndAllOfItAfterwards() {
        var disk = disk()
        let before = disk.submit(.replace(label, 1), at: .zero)
        #expect(disk.setHung(true, at: .zero).isEmpty)
        let during = disk.submit(.read(label), at: .zero)
        #expect(during.due == nil)
        let early = disk.complete(before.operation, at: later)
        #expect(early == nil)
        let tickets = disk.setHung(false, at: later)
        #expect(tickets.count == 2)
        #expect(tickets.allSatisfy { ($0.due ?? .zero) > later })
        let answers = tickets.map { disk.complete($0.operation, at: $0.due ?? .zero) }
        #expect(answers.contains(.done) && answers.contains(.content(.value(1))))
        #expect(disk.counters[.diskHung] == 1)
    }

    @Test func bytesUnderAnOlderEpochBehindALaterOneAreCounted() {
        var disk = disk()
        perform(.append(volume: 0, DataWrite(epoch: Epoch(2), branch: 1, number: 1), synced: true), on: &disk)
        perform(.append(volume: 0, DataWrite(epoch: Epoch(1), branch: 1, number: 2), synced: true), on: &disk)
        #expect(disk.regressions == 1)
        perform(.setData(volume: 0, nil), on: &disk)
        #expect(disk.data(ofVolume: 0) == nil)
    }
}

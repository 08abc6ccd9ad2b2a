import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundrySimulation

struct DiskPowerTests {
    typealias Disk = SimulatedDisk<Int>

    private func disk(seed: UInt64) -> Disk { Disk(random: SimulationRandom(seed: seed), counters: FaultCounters()) }

    private func perform(_ request: DiskRequest<Int>, on disk: inout Disk) {
        let ticket = disk.submit(request, at: .zero)
        _ = disk.complete(ticket.operation, at: ticket.due ?? .zero)
    }

    @Test(arguments: 0..<100) func afterALossOfPowerAFileHoldsSomethingThatWasWrittenSinceItsSync(seed: UInt64) {
        var random = Seeded(seed)
        var disk = disk(seed: seed)
        let files = (0..<6).map { DiskFile(.other, $0) }
        var possible = [Set<Int?>](repeating: [nil], count: files.count)
        for step in 1..<200 {
            let place = Int.random(in: 0..<files.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0..<4:
                perform(.overwrite(files[place], step), on: &disk)
                possible[place].insert(step)
            case 4:
                perform(.replace(files[place], step), on: &disk)
                possible[place] = [step]
            case 5:
                perform(.remove(files[place]), on: &disk)
                possible[place].insert(nil)
            default:
                perform(.sync(files[place]), on: &disk)
                possible[place] = [disk.contents(of: files[place]).value]
            }
        }
        disk.losePower()
        for (place, file) in files.enumerated() where disk.contents(of: file) != .torn {
            #expect(possible[place].contains(disk.contents(of: file).value))
            #expect(disk.contents(of: file) == disk.durableContents(of: file))
        }
    }

    @Test func overManySeedsEverythingThatCanSurviveDoes() {
        var found = Set<Int>()
        var torn = 0
        let counters = FaultCounters()
        for seed in 0..<300 {
            var disk = Disk(random: SimulationRandom(seed: UInt64(seed)), counters: counters)
            let file = DiskFile(.innerLabel, 4)
            perform(.replace(file, 0), on: &disk)
            for value in 1...3 { perform(.overwrite(file, value), on: &disk) }
            disk.losePower()
            if let value = disk.contents(of: file).value { found.insert(value) } else { torn += 1 }
        }
        #expect(found == [0, 1, 2, 3])
        #expect(torn > 10)
        #expect(counters[.diskWriteTorn] == torn)
        #expect(counters[.diskUnsyncedLost] > 100)
    }

    @Test func aFileThatIsReplacedWholeIsNeverTorn() {
        for seed in 0..<300 {
            var disk = disk(seed: UInt64(seed))
            disk.faults.tear = .always
            perform(.replace(DiskFile(.promise), 1), on: &disk)
            // Asked for, and power is lost before it is done.
            _ = disk.submit(.replace(DiskFile(.promise), 2), at: .zero)
            disk.losePower()
            #expect([1, 2].contains(disk.contents(of: DiskFile(.promise)).value))
        }
    }

    @Test func whatWasAskedForBeforeALossOfPowerIsNeverAnswered() {
        var disk = disk(seed: 1)
        let ticket = disk.submit(.sync(DiskFile(.probe)), at: .zero)
        disk.losePower()
        let answer = disk.complete(ticket.operation, at: ticket.due ?? .zero)
        #expect(answer == nil)
        #expect(disk.waiting == 0)
    }

    @Test(arguments: [true, false]) func unsyncedDataLosesItsTailAndWithoutOrderAlsoItsMiddle(keepsOrder: Bool) {
        let counters = FaultCounters()
        var damaged = 0
        var lengths = Set<Int64>()
        for seed in 0..<200 {
            var disk = Disk(random: SimulationRandom(seed: UInt64(seed)), counters: counters)
            var empty = VolumeData()
            empty.keepsOrder = keepsOrder
            perform(.setData(volume: 0, empty), on: &disk)
            for number in 0..<20 {
                let write = DataWrite(epoch: Epoch(1), branch: 1, number: Int64(number))
                perform(.append(volume: 0, write, synced: number == 9), on: &disk)
            }
            disk.losePower()
            let data = disk.data(ofVolume: 0) ?? VolumeData()
            #expect(data.missing(of: 0..<10).isEmpty)
            damaged += data.isDamaged ? 1 : 0
            lengths.insert(data.length)
        }
        #expect(lengths.isSuperset(of: 10...18))
        #expect((damaged > 20) == !keepsOrder)
        #expect((counters[.diskWritesReordered] > 0) == !keepsOrder)
    }

    @Test func aCloneAndAnOldImageHoldWhatWasThereThen() {
        var disk = disk(seed: 1)
        let file = DiskFile(.identity)
        perform(.overwrite(file, 1), on: &disk)
        perform(
            .append(volume: 0, DataWrite(epoch: Epoch(1), branch: 1, number: 1), synced: false), on: &disk)
        let image = disk.image
        perform(.replace(file, 2), on: &disk)
        var other = self.disk(seed: 2)
        other.restore(image, cause: .diskCloned)
        #expect(other.contents(of: file) == .value(1))
        #expect(other.durableContents(of: file) == .value(1))
        #expect(other.data(ofVolume: 0)?.unsyncedCount == 0)
        perform(.replace(file, 3), on: &other)
        #expect(disk.contents(of: file) == .value(2))
        disk.restore(image, cause: .diskRestoredFromImage)
        #expect(disk.contents(of: file) == .value(1))
        disk.wipe()
        #expect(disk.contents(of: file) == .absent)
        #expect(disk.data(ofVolume: 0) == nil)
        #expect(other.counters[.diskCloned] == 1)
        #expect(disk.counters[.diskRestoredFromImage] == 1)
    }

    @Test func aSnapshotUnderARunningMachineIsACrashImage() {
        var random = SimulationRandom(seed: 5)
        var disk = disk(seed: 1)
        let file = DiskFile(.other)
        perform(.replace(file, 1), on: &disk)
        perform(.overwrite(file, 2), on: &disk)
        var found = Set<Int>()
        for _ in 0..<100 {
            var copy = self.disk(seed: 2)
            copy.restore(disk.crashImage(using: &random), cause: .diskCloned)
            if let value = copy.contents(of: file).value { found.insert(value) }
        }
        #expect(found == [1, 2])
        #expect(disk.contents(of: file) == .value(2))
        #expect(disk.counters[.diskUnsyncedLost] == 0)
    }
}

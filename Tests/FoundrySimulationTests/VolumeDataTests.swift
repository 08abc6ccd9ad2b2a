import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundrySimulation

struct VolumeDataTests {
    private func run(_ epoch: UInt64, _ first: Int64, _ count: Int64, branch: Int = 1) -> DataRun {
        DataRun(epoch: Epoch(epoch), branch: branch, first: first, count: count)
    }

    private func numbers(_ data: VolumeData) -> [Int64] { data.runs.flatMap { Array($0.numbers) } }

    @Test func writesThatFollowEachOtherTakeOneRun() {
        var data = VolumeData()
        for number in 0..<1_000 { data.append(run(1, Int64(number), 1)) }
        #expect(data.runs == [run(1, 0, 1_000)])
        #expect(data.last == DataWrite(epoch: Epoch(1), branch: 1, number: 999))
        #expect(data.contains(999) && !data.contains(1_000))
        #expect(data.missing(of: 990..<1_010) == [1_000..<1_010])
    }

    @Test func bytesOfAnOlderEpochBehindThoseOfALaterOneAreSeen() {
        var data = VolumeData()
        let results = [run(1, 0, 5), run(2, 5, 5), run(2, 20, 1), run(1, 21, 1)].map { data.append($0) }
        #expect(results == [true, true, true, false])
    }

    @Test(arguments: 0..<50) func afterALossOfPowerTheSyncedIsThereAndTheRestIsABeginning(seed: UInt64) {
        var random = Seeded(seed)
        var data = VolumeData()
        var next: Int64 = 0
        for _ in 0..<40 {
            let count = Int64.random(in: 1...9, using: &random)
            data.append(run(UInt64(next / 50 + 1), next, count))
            next += count
            if random.chance(30) {
                data.didSync(upTo: Int64.random(in: data.syncedLength...data.length, using: &random))
            }
        }
        let synced = data.syncedLength
        let kept = Int64.random(in: 0...data.unsyncedCount, using: &random)
        data.losePower(kept: kept, hole: nil)
        #expect(numbers(data) == Array(0..<(synced + kept)))
        #expect(data.syncedLength == data.length)
        #expect(!data.isDamaged)
    }

    @Test func whatAFailedSyncLeftIsReadUntilPowerIsLostThoughTheNextSyncSucceeds() {
        var data = VolumeData()
        data.append(run(1, 0, 10))
        data.didFailSync(upTo: 10, kept: 4)
        data.append(run(1, 10, 5))
        data.didSync(upTo: 15)
        #expect(numbers(data) == Array(0..<15))
        #expect(data.unsyncedCount == 6)
        data.losePower(kept: 0, hole: nil)
        #expect(numbers(data) == [0, 1, 2, 3, 10, 11, 12, 13, 14])
        #expect(data.isDamaged)
        #expect(data.missing(of: 0..<15) == [4..<10])
    }

    @Test func aHoleInTheTailIsDamageAndItsEndIsNot() {
        var data = VolumeData()
        data.append(run(1, 0, 10))
        data.didSync(upTo: 5)
        var whole = data
        data.losePower(kept: 4, hole: 6..<7)
        #expect(numbers(data) == [0, 1, 2, 3, 4, 5, 7, 8])
        #expect(data.isDamaged)
        whole.losePower(kept: 4, hole: 8..<9)
        #expect(numbers(whole) == Array(0..<8))
        #expect(!whole.isDamaged)
    }

    @Test(arguments: 0..<50) func aReplicaThatIsGivenWhatItLacksEndsEqual(seed: UInt64) {
        var random = Seeded(seed)
        var primary = VolumeData()
        var replica = VolumeData()
        for step in 0..<20 {
            let part = run(UInt64(step / 5 + 1), Int64(step) * 10, Int64.random(in: 1...10, using: &random))
            primary.append(part)
            if step < 8 { replica.append(part) }
        }
        replica.append(run(3, 500, 3, branch: 2))
        let common = primary.commonPrefix(with: replica)
        #expect(common == replica.length - 3)
        #expect(replica.commonPrefix(with: primary) == common)
        replica.truncate(to: common)
        for part in primary.runs(from: replica.length) { replica.append(part) }
        #expect(replica.runs == primary.runs)
        #expect(replica.commonPrefix(with: primary) == primary.length)
    }

    @Test func copiesThatDifferInTheMiddleOfARunHaveInCommonWhatLiesBefore() {
        var left = VolumeData()
        var right = VolumeData()
        left.append(run(1, 0, 10))
        right.append(run(1, 0, 6))
        right.append(run(2, 6, 4))
        #expect(left.commonPrefix(with: right) == 6)
        #expect(left.runs(from: 6) == [run(1, 6, 4)])
        #expect(left.runs(from: 10).isEmpty)
        left.truncate(to: 3)
        #expect(numbers(left) == [0, 1, 2])
    }
}

import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

/// Each wrong history is one that a store must not have.
struct StoreHistoryCheckerTests {
    private var keys = StoreKeys()
    private var checker = StoreHistoryChecker()

    init() {
        _ = keys.intern("/fences/f1", .fence)
        _ = keys.intern("/fences/f2", .fence)
    }

    private func put(_ number: Int, _ expectation: RecordExpectation = .any) -> RecordWrite {
        .put(StoreStage.record(number), expects: expectation)
    }

    private func change(_ key: StoreKeyNumber, _ revision: Int64) -> StoreChange {
        StoreChange(
            key: key, kind: keys.kinds[Int(key)], stored: StoredRecord(StoreStage.record(Int(key) + 1)),
            revision: revision)
    }

    /// Does and acknowledges a transaction of each revision from 1 to `last`, on keys in turn.
    private mutating func commit(upTo last: Int64) {
        for revision in 1...last {
            checker.begin([put(Int(revision % 2) + 1)], keys, floor: checker.floor)
            checker.changed(change(StoreKeyNumber(revision % 2), revision))
            checker.committed(UInt64(revision), revision: revision)
            checker.answered(UInt64(revision), .committed(revision: revision))
        }
    }

    @Test mutating func aRightHistoryIsAccepted() {
        commit(upTo: 5)
        checker.watchBegan(1, after: 2)
        checker.watchTold(1, .all, [change(1, 3), change(0, 4)], upTo: 4)
        checker.watchTold(1, .all, [change(1, 5)], upTo: 5)
        checker.conflicted([put(1, .absent)], keys)
        #expect(checker.violations.isEmpty)
        #expect(checker.floor == 5)
    }

    @Test mutating func aTransactionBeforeOneThatWasAcknowledgedIsSeen() {
        commit(upTo: 2)
        checker.begin([put(1)], keys, floor: 7)
        #expect(checker.violations == [.orderedBeforeAcknowledged(revision: 2, floor: 7)])
    }

    @Test mutating func anIgnoredComparisonIsSeenAndSoIsAConflictWithoutOne() {
        commit(upTo: 2)
        checker.begin([put(1, .absent)], keys, floor: 0)
        checker.conflicted([put(1, .revision(2)), put(2, .revision(1))], keys)
        #expect(checker.violations == [.comparisonIgnored(key: "/fences/f1"), .conflictWithoutCause])
    }

    @Test mutating func aSkippedRevisionIsSeen() {
        commit(upTo: 2)
        checker.changed(change(0, 4))
        #expect(checker.violations == [.revisionSkipped(4)])
    }

    @Test mutating func anAcknowledgementOfWhatWasNotDoneOrOfAnotherRevisionIsSeen() {
        commit(upTo: 2)
        checker.answered(2, .committed(revision: 2))
        checker.committed(9, revision: 2)
        checker.answered(9, .committed(revision: 1))
        #expect(checker.violations == [.acknowledgedTwice(2), .acknowledgedWrongly(told: 1)])
    }

    @Test mutating func aStaleOrWrongReadIsSeen() {
        commit(upTo: 3)
        let old = StoreEntry(key: 1, stored: StoredRecord(StoreStage.record(2)), revision: 1)
        let right = StoreEntry(key: 0, stored: StoredRecord(StoreStage.record(1)), revision: 2)
        checker.read(StoreSnapshot(revision: 2, entries: [right, old]), .all, floor: 3)
        checker.read(StoreSnapshot(revision: 3, entries: [right]), .all, floor: 3)
        #expect(
            checker.violations == [.readStale(revision: 2, floor: 3), .readWrong(key: 1), .readWrong(key: -1)])
    }

    @Test mutating func aMemberThatGoesBackIsSeen() {
        checker.readSerializable(StoreSnapshot(revision: 5, entries: []), member: 1)
        checker.readSerializable(StoreSnapshot(revision: 4, entries: []), member: 2)
        checker.readSerializable(StoreSnapshot(revision: 4, entries: []), member: 1)
        #expect(checker.violations == [.memberWentBack(member: 1)])
    }

    @Test mutating func aWatchThatSkipsRepeatsOrChangesTheOrderIsSeen() {
        commit(upTo: 4)
        checker.watchBegan(1, after: 0)
        checker.watchTold(1, .all, [change(1, 1), change(1, 3)], upTo: 3)
        checker.watchBegan(2, after: 0)
        checker.watchTold(2, .all, [change(1, 1), change(1, 1)], upTo: 1)
        checker.watchBegan(3, after: 0)
        checker.watchTold(3, .all, [change(0, 2), change(1, 1)], upTo: 2)
        #expect(checker.violations.contains(.watchMissed(revision: 2)))
        #expect(checker.violations.contains(.watchRepeated(revision: 1)))
        #expect(checker.violations.contains(.watchMissed(revision: 1)))
    }

    @Test mutating func aWatchThatGoesOnThroughWhatWasForgottenIsSeen() {
        commit(upTo: 4)
        checker.watchBegan(1, after: 1)
        checker.compacted(to: 3)
        checker.watchTold(1, .all, [change(0, 4)], upTo: 4)
        #expect(checker.violations == [.watchMissed(revision: 3)])
    }

    @Test mutating func afterARestoreItJudgesByTheBackup() {
        commit(upTo: 4)
        var table = StoreTable()
        table.apply(change(0, 2))
        checker.restart(from: table)
        checker.begin([put(1, .revision(2)), put(2, .absent)], keys, floor: checker.floor)
        checker.changed(change(0, 3))
        #expect(checker.violations.isEmpty)
        #expect(checker.floor == 2)
    }
}

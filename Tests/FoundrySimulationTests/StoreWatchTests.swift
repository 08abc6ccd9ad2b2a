import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

struct StoreWatchTests {
    private func changes(_ stage: StoreStage, _ tag: Int) -> [StoreChange] {
        (stage.news[tag] ?? []).flatMap { news in
            if case .changes(let changes) = news { changes } else { [StoreChange]() }
        }
    }

    private func gaps(_ stage: StoreStage, _ tag: Int) -> [Int64] {
        (stage.news[tag] ?? []).compactMap { news in
            if case .gap(let revision) = news { revision } else { nil }
        }
    }

    private func isBroken(_ stage: StoreStage, _ tag: Int) -> Bool {
        if case .broken? = stage.news[tag]?.last { return true }
        return false
    }

    private func commit(_ stage: inout StoreStage, _ numbers: Range<Int>) {
        for number in numbers {
            stage.ask(StoreStage.put(number), of: stage.store.leader ?? 1, tag: 1_000 + number)
            stage.run(.milliseconds(50))
        }
        stage.run(.seconds(1))
    }

    @Test func everyChangeAfterItsRevisionIsToldOnceAndInOrder() {
        var stage = StoreStage()
        commit(&stage, 0..<5)
        _ = stage.store.watch(after: 2, on: 1, from: 3, tag: 1, at: stage.now)
        commit(&stage, 5..<20)
        #expect(changes(stage, 1).map(\.revision) == Array(3...20))
        #expect(stage.store.checker.violations.isEmpty)
    }

    @Test func aWatchOfSomeKindsTellsNoOthers() {
        var stage = StoreStage()
        _ = stage.store.watch(StoreKinds([.cell, .term]), after: 0, on: 1, from: 3, tag: 1, at: stage.now)
        _ = stage.store.watch(StoreKinds([.fence]), after: 0, on: 1, from: 3, tag: 2, at: stage.now)
        commit(&stage, 0..<5)
        #expect(changes(stage, 1).isEmpty)
        #expect(changes(stage, 2).count == 5)
        #expect(stage.store.checker.violations.isEmpty)
    }

    @Test func allOfARevisionComesTogetherHoweverMuchItIs() {
        var stage = StoreStage()
        for round in 0..<3 {
            stage.ask(
                .commit((0..<200).map { .put(StoreStage.record(round * 200 + $0), expects: .absent) }), tag: round)
            stage.run(.seconds(1))
        }
        _ = stage.store.watch(after: 0, on: 0, from: 3, tag: 9, at: stage.now)
        stage.run(.seconds(1))
        let pages = (stage.news[9] ?? []).map { news in
            if case .changes(let changes) = news { changes.count } else { 0 }
        }
        #expect(pages.reduce(0, +) == 600)
        #expect(pages.allSatisfy { $0 % 200 == 0 })
        #expect(pages.count > 1)
    }

    @Test func aWatchThatBeganBeforeWhatIsForgottenIsToldAGapAndGoesOnBehindIt() {
        var stage = StoreStage()
        commit(&stage, 0..<20)
        stage.store.compact(keeping: 5, at: stage.now)
        _ = stage.store.watch(after: 3, on: 1, from: 3, tag: 1, at: stage.now)
        _ = stage.store.watch(after: 15, on: 1, from: 3, tag: 2, at: stage.now)
        commit(&stage, 20..<22)
        #expect(gaps(stage, 1) == [20])
        #expect(changes(stage, 1).map(\.revision) == [21, 22])
        #expect(gaps(stage, 2).isEmpty)
        #expect(changes(stage, 2).map(\.revision) == Array(16...22))
        #expect(stage.store.checker.violations.isEmpty)
    }

    @Test func aWatchBeyondTheNewestRevisionIsToldAGap() {
        var stage = StoreStage()
        commit(&stage, 0..<3)
        _ = stage.store.watch(after: 50, on: 1, from: 3, tag: 1, at: stage.now)
        stage.run(.seconds(1))
        #expect(gaps(stage, 1) == [3])
    }

    @Test func aWatchOnACutOffMemberHangsSilentlyAndCatchesUpUnlessItAskedForALeader() {
        var stage = StoreStage()
        _ = stage.store.watch(after: 0, on: 0, from: 0, tag: 1, requiresLeader: false, at: stage.now)
        _ = stage.store.watch(after: 0, on: 0, from: 0, tag: 2, requiresLeader: true, at: stage.now)
        stage.cut([0], [1, 2, 3, 4], for: .seconds(20))
        stage.ask(StoreStage.put(1), of: 1, tag: 3)
        stage.run(.seconds(10))
        #expect(stage.store.revision == 1)
        #expect(stage.news[1] == nil)
        #expect(isBroken(stage, 2))
        #expect(stage.counters[.storeWatchHung] >= 2)
        stage.run(.seconds(15))
        stage.ask(StoreStage.put(2), of: 1, tag: 4)
        stage.run(.seconds(1))
        #expect(changes(stage, 1).map(\.revision) == [1, 2])
    }

    @Test func aWatchWhoseClientIsCutOffWaitsForItAndEndsUnheardWhenThatTakesLong() {
        var stage = StoreStage()
        _ = stage.store.watch(after: 0, on: 0, from: 3, tag: 1, at: stage.now)
        stage.cut([3], [0, 1, 2], for: .seconds(5))
        stage.ask(StoreStage.put(1), from: 4, tag: 2)
        stage.run(.seconds(4))
        #expect(stage.news[1] == nil)
        stage.run(.seconds(4))
        #expect(changes(stage, 1).count == 1)
        stage.cut([3], [0, 1, 2], for: .seconds(30))
        stage.ask(StoreStage.put(2), from: 4, tag: 3)
        stage.run(.seconds(60))
        #expect(changes(stage, 1).count == 1)
        #expect(stage.store.watches.count == 0)
    }

    @Test func watchesBreakWithTheirMemberAndWithARestore() {
        var stage = StoreStage()
        _ = stage.store.watch(after: 0, on: 1, from: 3, tag: 1, at: stage.now)
        let backup = stage.store.backup
        commit(&stage, 0..<2)
        stage.store.stop(member: 1, at: stage.now)
        stage.run(.seconds(1))
        #expect(isBroken(stage, 1))
        _ = stage.store.watch(after: 2, on: 2, from: 3, tag: 2, at: stage.now)
        stage.run(.seconds(1))
        stage.store.restore(backup, at: stage.now)
        stage.run(.seconds(1))
        #expect(isBroken(stage, 2))
        #expect(stage.counters[.storeWatchBroken] == 2)
    }

    @Test func aGapCanBeToldWhereThereIsNone() {
        var stage = StoreStage()
        stage.store.faults.watchGap = .always
        _ = stage.store.watch(after: 0, on: 1, from: 3, tag: 1, at: stage.now)
        commit(&stage, 0..<2)
        #expect(gaps(stage, 1) == [1, 2])
        #expect(stage.store.checker.violations.isEmpty)
    }

    @Test func aClientThatEndedIsToldNothing() {
        var stage = StoreStage()
        _ = stage.store.watch(after: 0, on: 1, from: 3, tag: 1, at: stage.now)
        stage.ask(StoreStage.put(1), tag: 2)
        stage.store.abandonAll(of: 3)
        stage.run(.seconds(1))
        #expect(stage.news.isEmpty && stage.answers.isEmpty)
        #expect(stage.store.revision == 1)
    }
}

import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

struct StoreTransactionTests {
    @Test func aTransactionIsDoneWholeOrNotAtAll() {
        var stage = StoreStage()
        stage.ask(StoreStage.put(1, "a", .absent), tag: 1)
        stage.run(.seconds(1))
        #expect(stage.revision(of: 1) == 1)
        let writes: [RecordWrite] = [
            .put(StoreStage.record(2, "b"), expects: .absent), .put(StoreStage.record(1, "c"), expects: .absent),
        ]
        stage.ask(.commit(writes), tag: 2)
        stage.run(.seconds(1))
        #expect(stage.isConflict(2))
        #expect(stage.store.truth.entries.map(\.revision) == [1])
        #expect(stage.store.revision == 1)
    }

    @Test func allOfATransactionsChangesCarryOneRevision() {
        var stage = StoreStage()
        stage.ask(.commit((0..<3).map { .put(StoreStage.record($0), expects: .absent) }), tag: 1)
        stage.ask(StoreStage.put(7), of: 1, tag: 2)
        stage.run(.seconds(1))
        #expect(Set([stage.revision(of: 1), stage.revision(of: 2)]) == [1, 2])
        #expect(Set(stage.store.truth.entries.prefix(3).map(\.revision)).count == 1)
    }

    @Test func aComparisonHoldsOnlyForTheRevisionThatWroteLast() {
        var stage = StoreStage()
        stage.ask(StoreStage.put(1, "a"), tag: 1)
        stage.run(.seconds(1))
        stage.ask(StoreStage.put(1, "b", .revision(1)), tag: 2)
        stage.run(.seconds(1))
        stage.ask(StoreStage.put(1, "c", .revision(1)), tag: 3)
        stage.ask(.commit([.check(key: "/fences/f1", kind: .fence, expects: .revision(2))]), tag: 4)
        stage.ask(.commit([.check(key: "/fences/f9", kind: .fence, expects: .revision(2))]), tag: 5)
        stage.run(.seconds(1))
        #expect(stage.revision(of: 2) == 2)
        #expect(stage.isConflict(3) && stage.isConflict(5))
        #expect(stage.revision(of: 4) == 2)
        #expect(StoreStage.text(stage.store.truth(of: "/fences/f1")?.record) == "b")
    }

    @Test func aTransactionThatChangesNothingTakesNoRevision() {
        var stage = StoreStage()
        stage.ask(.commit([.delete(key: "/fences/f1", kind: .fence, expects: .absent)]), tag: 1)
        stage.run(.seconds(1))
        #expect(stage.revision(of: 1) == 0)
        stage.ask(StoreStage.put(1), tag: 2)
        stage.run(.seconds(1))
        stage.ask(.commit([.delete(key: "/fences/f1", kind: .fence, expects: .revision(1))]), tag: 3)
        stage.run(.seconds(1))
        #expect(stage.revision(of: 3) == 2)
        #expect(stage.store.truth.entries.isEmpty)
    }

    @Test func readsFindWhatWasAskedForSortedByKey() {
        var stage = StoreStage()
        for number in [12, 3, 25] { stage.ask(StoreStage.put(number), tag: number) }
        stage.run(.seconds(1))
        stage.ask(.read(.all), tag: 1)
        stage.ask(.read(.kind(.fence)), of: 1, tag: 2)
        stage.ask(.read(.kind(.cell)), tag: 4)
        stage.ask(.readSerializable(.key("/fences/f3")), of: 2, tag: 5)
        stage.run(.seconds(1))
        #expect(
            stage.snapshot(of: 1)?.entries.map { stage.store.text(of: $0.key) } == [
                "/fences/f12", "/fences/f25", "/fences/f3",
            ])
        #expect(stage.snapshot(of: 2)?.entries.count == 3)
        #expect(stage.snapshot(of: 4)?.entries.isEmpty == true)
        #expect(stage.snapshot(of: 5)?.entries.count == 1)
    }

    @Test func commitsTakeMillisecondsAndSerializableReadsLess() {
        var stage = StoreStage()
        var commits: Int64 = 0
        var reads: Int64 = 0
        for tag in 0..<200 {
            var start = stage.now
            stage.ask(StoreStage.put(tag), tag: tag)
            while stage.answers[tag] == nil { stage.run(.microseconds(50)) }
            commits += (stage.now - start).microseconds
            start = stage.now
            stage.ask(.readSerializable(.all), tag: -tag - 1)
            while stage.answers[-tag - 1] == nil { stage.run(.microseconds(50)) }
            reads += (stage.now - start).microseconds
        }
        #expect((2_000...6_000).contains(commits / 200))
        #expect((200...1_200).contains(reads / 200))
    }

    @Test func whoeverGaveUpMayFindItsTransactionDone() {
        var stage = StoreStage()
        let ticket = stage.ask(StoreStage.put(1, "late"), tag: 1)
        stage.store.abandon(ticket)
        stage.run(.seconds(1))
        #expect(stage.answers[1] == nil)
        #expect(stage.store.truth(of: "/fences/f1") != nil)
        #expect(stage.counters[.storeOutcomeUnknown] >= 1)
    }

    @Test func lostRequestsAreNotDoneAndLostAnswersAre() {
        var stage = StoreStage()
        stage.store.faults.requestLoss = .always
        stage.ask(StoreStage.put(1), tag: 1)
        stage.run(.seconds(1))
        #expect(stage.store.revision == 0)
        stage.store.faults = .none
        stage.store.faults.answerLoss = .always
        stage.ask(StoreStage.put(1), tag: 2)
        stage.run(.seconds(1))
        #expect(stage.answers.isEmpty)
        #expect(stage.store.revision == 1)
        #expect(stage.counters[.storeRequestLost] == 1)
        #expect(stage.counters[.storeAnswerLost] == 1)
    }
}

import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

struct StoreLeaderTests {
    @Test(arguments: 0..<20) func aLeadersEndIsFollowedByAnElectionOfABoundedTime(seed: UInt64) {
        var stage = StoreStage(seed: seed)
        stage.ask(StoreStage.put(1), of: 1, tag: 1)
        stage.run(.seconds(1))
        let end = stage.now
        stage.store.stop(member: stage.store.leader ?? 0, at: end)
        stage.ask(StoreStage.put(2), of: 1, tag: 2)
        while stage.answers[2] == nil, stage.now < end + .seconds(10) { stage.run(.milliseconds(1)) }
        #expect(stage.revision(of: 2) == 2)
        #expect((.milliseconds(800)...(.milliseconds(1_900))).contains(stage.now - end))
        #expect(stage.store.leader != 0)
        #expect(stage.counters[.storeLeaderChanged] == 1)
    }

    @Test func aMinorityDoesNothingAndAnswersSerializableReadsOfThePast() {
        var stage = StoreStage()
        stage.ask(StoreStage.put(1, "old"), tag: 1)
        stage.run(.seconds(1))
        stage.cut([0, 3], [1, 2, 4])
        stage.ask(StoreStage.put(1, "lost"), of: 0, from: 3, tag: 2)
        stage.ask(StoreStage.put(1, "new"), of: 1, from: 4, tag: 3)
        stage.run(.seconds(5))
        #expect(stage.revision(of: 3) == 2)
        #expect(stage.answers[2] == nil)
        stage.ask(.readSerializable(.all), of: 0, from: 3, tag: 4)
        stage.ask(.read(.all), of: 0, from: 3, tag: 5)
        stage.ask(.read(.all), of: 2, from: 4, tag: 6)
        stage.run(.seconds(2))
        #expect(stage.snapshot(of: 4)?.entries.map { StoreStage.text($0.record) } == ["old"])
        #expect(stage.answers[5] == nil)
        #expect(stage.snapshot(of: 6)?.entries.map { StoreStage.text($0.record) } == ["new"])
        #expect(stage.counters[.storeReadStale] == 1)
    }

    @Test func aRequestThatWaitedInAMinorityIsDoneWhenThePartitionEndsThoughItsClientIsGone() {
        var stage = StoreStage()
        stage.cut([0], [1, 2], for: .seconds(4))
        let ticket = stage.ask(StoreStage.put(1), of: 0, tag: 1)
        stage.run(.seconds(2))
        stage.store.abandon(ticket)
        stage.run(.seconds(6))
        #expect(stage.store.revision == 1)
        #expect(stage.answers.isEmpty)
        #expect(stage.counters[.storeOutcomeUnknown] >= 1)
    }

    @Test func withoutAMajorityNothingIsDoneUntilThereIsOneAndNothingIsForgotten() {
        var stage = StoreStage()
        stage.ask(StoreStage.put(1), tag: 1)
        stage.run(.seconds(1))
        for member in 0..<3 { stage.store.stop(member: member, at: stage.now) }
        stage.ask(StoreStage.put(2), tag: 2)
        stage.run(.seconds(1))
        guard case .unavailable? = stage.answers[2] else {
            Issue.record("a member that does not run refuses")
            return
        }
        stage.store.start(member: 1)
        stage.ask(StoreStage.put(3), of: 1, tag: 3)
        stage.run(.seconds(5))
        #expect(stage.answers[3] == nil)
        #expect(stage.counters[.storeWithoutQuorum] >= 1)
        stage.store.start(member: 2)
        stage.run(.seconds(5))
        stage.ask(StoreStage.put(4), of: 2, tag: 4)
        stage.run(.seconds(5))
        #expect(stage.answers[4] != nil)
        #expect(stage.store.truth(of: "/fences/f1") != nil)
    }

    @Test func aDeposedLeaderKeepsSessionsAliveAndCommitsNothing() {
        var stage = StoreStage()
        stage.store.deposeLeader(for: .seconds(20), at: stage.now)
        stage.run(.seconds(3))
        stage.ask(StoreStage.put(1, "new"), of: 1, tag: 1)
        stage.run(.seconds(3))
        stage.ask(.keepAlive, of: 0, tag: 2)
        stage.ask(StoreStage.put(1, "wrong"), of: 0, tag: 3)
        stage.ask(.readSerializable(.all), of: 0, tag: 4)
        stage.run(.seconds(3))
        #expect(stage.revision(of: 1) == 1)
        #expect(stage.answers[2] != nil)
        #expect(stage.answers[3] == nil)
        #expect(stage.snapshot(of: 4)?.entries.isEmpty == true)
        #expect(stage.counters[.storeDeposedLeaderAnswered] == 2)
        stage.run(.seconds(20))
        stage.ask(.readSerializable(.all), of: 0, tag: 5)
        stage.run(.seconds(1))
        #expect(stage.snapshot(of: 5)?.entries.count == 1)
    }

    @Test func aMemberThatStandsStillAnswersWhenItGoesOn() {
        var stage = StoreStage()
        stage.store.pause(member: 0)
        stage.ask(.readSerializable(.all), of: 0, tag: 1)
        stage.ask(StoreStage.put(1), of: 1, tag: 2)
        stage.run(.seconds(4))
        #expect(stage.answers[1] == nil)
        #expect(stage.revision(of: 2) == 1)
        stage.store.resume(member: 0, at: stage.now)
        stage.run(.seconds(2))
        #expect(stage.answers[1] != nil)
    }

    @Test func aMemberThatLagsReadsThePast() {
        var stage = StoreStage()
        stage.store.setLag(.seconds(2), ofMember: 2)
        stage.ask(StoreStage.put(1), tag: 1)
        stage.run(.seconds(1))
        stage.ask(.readSerializable(.all), of: 2, tag: 2)
        stage.ask(.read(.all), of: 2, tag: 3)
        stage.run(.milliseconds(500))
        #expect(stage.snapshot(of: 2)?.entries.isEmpty == true)
        #expect(stage.snapshot(of: 3)?.entries.count == 1)
        stage.run(.seconds(2))
        stage.ask(.readSerializable(.all), of: 2, tag: 4)
        stage.run(.seconds(1))
        #expect(stage.snapshot(of: 4)?.entries.count == 1)
    }

    @Test func aRestoreTakesRevisionsBackAndAnswersNothingThatWasUnderWay() {
        var stage = StoreStage()
        stage.ask(StoreStage.put(1, "kept"), tag: 1)
        stage.run(.seconds(1))
        let backup = stage.store.backup
        stage.ask(StoreStage.put(1, "lost"), tag: 2)
        stage.ask(StoreStage.put(2), tag: 3)
        stage.run(.seconds(1))
        #expect(stage.store.revision == 3)
        stage.ask(StoreStage.put(3), tag: 4)
        stage.store.restore(backup, at: stage.now)
        stage.run(.seconds(3))
        #expect(stage.store.revision == 1)
        #expect(stage.answers[4] == nil)
        stage.ask(.read(.all), tag: 5)
        stage.ask(StoreStage.put(9), tag: 6)
        stage.run(.seconds(1))
        #expect(stage.snapshot(of: 5)?.entries.first.map { StoreStage.text($0.record) } == "kept")
        #expect(stage.revision(of: 6) == 2)
        #expect(stage.store.checker.violations.isEmpty)
    }
}

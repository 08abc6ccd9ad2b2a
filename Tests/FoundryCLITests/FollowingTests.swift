import FoundryClient
import Testing

@testable import FoundryCommandLine

@Suite("Following over a break")
struct FollowingTests {
    @Test("equal lines of one moment are all shown, as long as nothing broke")
    func equalLines() {
        var place = FollowingPlace<LogLine>()
        let line = Sample.logLine("tick", at: 1)
        #expect([line, line, line].map { place.isNew($0) } == [true, true, true])
    }

    @Test("after a break nothing is shown twice, and nothing that came meanwhile is left out")
    func resumed() {
        var place = FollowingPlace<LogLine>()
        let past = [Sample.logLine("a", at: 1), Sample.logLine("b", at: 2), Sample.logLine("c", at: 2)]
        #expect(past.map { place.isNew($0) } == [true, true, true])
        place.reopen()
        let meanwhile = [Sample.logLine("d", at: 2), Sample.logLine("e", at: 3)]
        #expect((past + meanwhile).map { place.isNew($0) } == [false, false, false, true, true])
        #expect([Sample.logLine("e", at: 3)].map { place.isNew($0) } == [true])
    }

    @Test("a stream that was never shown anything of is taken whole")
    func fresh() {
        var place = FollowingPlace<EventSummary>()
        place.reopen()
        #expect([Sample.event(.memberRunning, "e1", at: 1)].map { place.isNew($0) } == [true])
    }
}

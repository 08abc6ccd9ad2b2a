import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What `foundry snapshots` shows, and which snapshot is meant")
struct SnapshotsViewTests {
    private static func snapshot(
        _ name: String, _ guid: String = "0123456789abcdef", app: String = "orders", state: String = "taken",
        pause: Int64? = 38
    ) -> SnapshotSummary {
        SnapshotSummary(
            guid: guid, name: name, app: "a1", appName: app, volume: "v1", cell: "c1", size: 1 << 30, state: state,
            takenAt: state == "asked" ? nil : Sample.time(80), pauseMilliseconds: pause, branch: 1, epoch: 2,
            createdAt: Sample.time(80), createdBy: "operator")
    }

    @Test("snapshots are a table, with for how long writes were held")
    func table() {
        let all = [
            Self.snapshot("before-migration"), Self.snapshot("still", pause: nil),
            Self.snapshot("coming", state: "asked", pause: nil),
        ]
        #expect(
            SnapshotsView(all, now: Sample.time(200).timestamp).lines(on: .plain) == [
                "MEMBER    SNAPSHOT          COUNTED  AGE  HELD WRITES  STATE",
                "orders/0  before-migration    1 GiB   2m        38 ms  taken",
                "orders/0  still               1 GiB   2m      at rest  taken",
                "orders/0  coming              1 GiB   2m            -  asked",
            ])
        #expect(
            SnapshotsView([], now: Sample.time(200).timestamp).lines(on: .plain) == [
                "No snapshots. `foundry snapshot APP` takes one."
            ])
    }

    @Test("one is named by its name or by its id; what could be two is refused")
    func find() throws {
        let all = [
            Self.snapshot("one", "aaaa1111"), Self.snapshot("two", "bbbb2222"),
            Self.snapshot("one", "cccc3333", app: "other"), Self.snapshot("two", "dddd4444"),
        ]
        #expect(try SnapshotWork.find("one", of: "orders", among: all).guid == "aaaa1111")
        #expect(try SnapshotWork.find("bbbb", of: "orders", among: all).guid == "bbbb2222")
        for (name, app) in [("two", "orders"), ("none", "orders"), ("aaa", "orders"), ("cccc", "orders")] {
            #expect(throws: FoundryError.self, "\(name)") { try SnapshotWork.find(name, of: app, among: all) }
        }
    }

    @Test("who deletes an app is told which snapshots stay")
    func deleted() {
        let one = DeleteAnswer(app: "a1", name: "demo", isGone: true, volumes: [], snapshots: 1)
        #expect(
            one.lines(had: []) == ["demo is deleted.", "A snapshot of it stays: foundry snapshots demo"])
        let two = DeleteAnswer(app: "a1", name: "demo", isGone: true, volumes: [], snapshots: 2)
        #expect(two.lines(had: []).last == "2 snapshots of it stay: foundry snapshots demo")
    }
}

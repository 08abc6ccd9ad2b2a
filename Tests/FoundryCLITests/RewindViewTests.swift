import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What is said of disks that were cloned, rewound and kept")
struct RewindViewTests {
    private static let now = Sample.time(200).timestamp

    private static func volume(_ phase: String, _ change: (inout VolumeSummary) -> Void = { _ in }) -> VolumeSummary {
        var volume = Sample.volume(phase)
        change(&volume)
        return volume
    }

    @Test("the table of volumes says what each is for that no app has yet, or has no more")
    func remarks() {
        let volumes = [
            Self.volume("forked") { $0.forkedAt = Sample.time(80) },
            Self.volume("allotted") {
                $0.isMade = false
                $0.source = "snapshot"
                $0.replaces = "0123456789abcdef"
            },
            Self.volume("allotted") {
                $0.isMade = false
                $0.source = "snapshot"
            },
            Self.volume("held") { $0.source = "snapshot" },
        ]
        let lines = VolumesView(volumes, now: Self.now).lines(on: .plain).dropFirst().map { $0 }
        #expect(lines[0].hasSuffix("  kept since 2m, when its app went on with another disk"))
        #expect(lines[1].hasSuffix("  takes the place of 01234567"))
        #expect(lines[2].hasSuffix("  is made from a snapshot"))
        #expect(!lines[3].contains("snapshot"))
    }

    @Test("a goal is a snapshot or a copy, and says how long ago that was")
    func goals() {
        let snapshot = SnapshotSummary(
            guid: "aaaa1111", name: "before-migration", app: "a1", appName: "orders", volume: "v1", cell: "c1",
            size: 1 << 30, state: "taken", takenAt: Sample.time(80), pauseMilliseconds: 38, branch: 1, epoch: 2,
            createdAt: Sample.time(70), createdBy: "operator")
        let there = RewindGoal.snapshot(snapshot)
        #expect(there.words(Self.now) == "before-migration, taken 2m ago" && there.name == "before-migration")
        #expect(there.request(insteadOf: "v1") == RewindBody(snapshot: "aaaa1111", insteadOf: "v1"))
        let volume = Self.volume("forked") { copy in
            copy.guid = "0123456789abcdef"
            copy.forkedAt = Sample.time(80)
        }
        let copy = RewindGoal.copy(volume)
        #expect(copy.words(Self.now) == "its disk 01234567, kept 2m ago" && copy.name == "01234567")
        #expect(copy.request(insteadOf: nil) == RewindBody(copy: "0123456789abcdef"))
    }

    @Test("a volume is named by its id or the beginning of it; what could be two is refused")
    func find() throws {
        let all = ["aaaa1111", "aaaa2222", "bbbb3333"].map { guid in Self.volume("forked") { $0.guid = guid } }
        #expect(try VolumeWork.find("bbbb", among: all).guid == "bbbb3333")
        #expect(try VolumeWork.find("aaaa1", among: all).guid == "aaaa1111")
        for id in ["aaaa", "bbb", "cccc", ""] {
            #expect(throws: FoundryError.self, "\(id)") { try VolumeWork.find(id, among: all) }
        }
    }

    @Test("who deletes an app is told which of its disks stay")
    func deleted() {
        let one = DeleteAnswer(app: "a1", name: "demo", isGone: true, volumes: [], copies: 1)
        #expect(one.lines(had: []).last == "A disk that it had before stays: foundry volumes")
        let two = DeleteAnswer(app: "a1", name: "demo", isGone: true, volumes: [], copies: 2)
        #expect(two.lines(had: []).last == "2 disks that it had before stay: foundry volumes")
    }
}

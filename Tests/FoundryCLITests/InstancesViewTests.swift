import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What commands show of several instances")
struct InstancesViewTests {
    private let now = Sample.time(200).timestamp

    private static let three = Sample.app(
        state: "unhealthy", instances: 3,
        members: [Sample.member(), Sample.member("unhealthy", index: 1), Sample.member(index: 2)])

    @Test("how many of them are healthy, and what is said of one is said with its name")
    func app() {
        var app = Self.three
        app.members[1].reason = "no answer"
        let lines = AppView(app, now: now).lines(on: .plain)
        #expect(lines.contains("instances  2 of 3 healthy"))
        #expect(lines.contains("member     demo/1 unhealthy since 3m, 10.77.3.2, pid 4711"))
        #expect(lines.contains("reason     demo/1: no answer"))
        #expect(lines.contains("disk       100 MiB at /data, 5 MiB and 5 MiB and 5 MiB used"))
        #expect(AppsView([app], now: now).lines(on: .plain)[1].hasPrefix("demo  unhealthy 2/3  redis:7"))
        let one = AppView(Sample.app(), now: now).lines(on: .plain)
        #expect(!one.contains { $0.hasPrefix("instances") })
    }

    @Test("a disk that waits says for whom, and a snapshot of whom it is")
    func disks() {
        var waiting = Sample.volume("kept", index: 2, keptUntil: Sample.time(200 + 6 * 86_400))
        waiting.awaitsMember = true
        let lines = VolumesView([waiting], now: now).lines(on: .plain)
        #expect(lines[1].hasPrefix("demo/2 ") && lines[1].hasSuffix("waits for demo/2; purged in 6d"))
    }

    @Test("all their disks are counted when an app is deleted")
    func deleted() {
        let had = Self.three.volumes
        let kept = (0..<3).map { Sample.volume("kept", index: $0, keptUntil: Sample.time(0)) }
        func line(_ volumes: [VolumeSummary]) -> String {
            DeleteAnswer(app: "a1", name: "demo", isGone: true, volumes: volumes).lines(had: had)[0]
        }
        #expect(
            line(kept) == "demo is deleted. Its 3 volumes of 100 MiB are kept until \(Sample.begin): foundry volumes")
        #expect(line([]) == "demo is deleted, and its 3 volumes of 100 MiB with it.")
        #expect(line(had) == "demo is deleted. Its volumes are still held: foundry volumes")
    }

    @Test("a rewind means the disk of the snapshot's member, or that from which a copy came")
    func rewound() {
        let snapshot = SnapshotSummary(
            guid: "s1", name: "one", app: "a1", appName: "demo", index: 1, volume: "v1", cell: "c1", size: 1,
            state: "taken", takenAt: nil, pauseMilliseconds: nil, branch: nil, epoch: nil, createdAt: Sample.time(0),
            createdBy: "ci")
        #expect(RewindGoal.snapshot(snapshot).current(of: Self.three)?.index == 1)
        var app = Self.three
        app.members[2].volume?.lineage = "l2"
        var copy = Sample.volume("forked")
        copy.lineage = "l2"
        #expect(RewindGoal.copy(copy).current(of: app)?.index == 2)
        copy.lineage = "another"
        #expect(RewindGoal.copy(copy).current(of: app) == nil)
    }
}

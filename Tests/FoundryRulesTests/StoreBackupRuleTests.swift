import FoundryModel
import FoundryRules
import Testing

@Suite("Backups of the store that nobody asked for")
struct StoreBackupRuleTests {
    private static let hour: Int64 = 3_600_000
    private static let app = AppRecord(
        id: AppID("a1")!, name: AppName("demo")!, spec: Samples.spec(), desired: .started, generation: 1,
        createdAt: Samples.start, updatedAt: Samples.start)
    private static let volume = VolumeRecord(
        id: VolumeID("v1")!, app: app.id, appName: app.name, cell: Samples.cell, size: .megabytes(100),
        directories: [], lineage: LineageID("l1")!, branch: 1, epoch: Epoch(1), sealedAt: Epoch(1), isMade: true,
        phase: .kept(until: Samples.start), createdAt: Samples.start)

    private static func view(_ record: Record?) -> PlatformView {
        var view = Samples.view()
        if let record { view.put(record, revision: 9) }
        return view
    }

    @Test(
        "One an hour while something changes, whichever way the clock was set",
        arguments: [
            (0, 8, false), (hour - 1, 8, false), (hour, 8, true), (hour, 9, false), (hour, nil, true),
            (-hour + 1, 8, false), (-hour, 8, true), (100 * hour, 9, false),
        ] as [(Int64, Int64?, Bool)])
    func due(age: Int64, revision: Int64?, isDue: Bool) {
        let newest = StoreBackupRule.Newest(takenAt: Samples.start, revision: revision)
        let view = Self.view(.app(Self.app))
        #expect(StoreBackupRule.isDue(newest: newest, view: view, now: Samples.start + age) == isDue)
    }

    @Test("The first one waits for something that is worth it, and then comes at once")
    func first() {
        func isDue(_ record: Record?) -> Bool {
            StoreBackupRule.isDue(newest: nil, view: Self.view(record), now: Samples.start)
        }
        #expect(!isDue(nil) && isDue(.app(Self.app)) && isDue(.volume(Self.volume)))
    }

    @Test("Those of the highest numbers stay")
    func surplus() {
        #expect(StoreBackupRule.surplus(Array(1...24)).isEmpty && StoreBackupRule.surplus([]).isEmpty)
        #expect(StoreBackupRule.surplus([30] + (5...28) + [3]) == [3, 5])
    }
}

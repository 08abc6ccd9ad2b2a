import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Where a member goes")
struct PlacementTests {
    /// Apps of 1 GiB each, so many on each cell.
    private static func view(
        _ counts: [String: Int], capacity: CellCapacity = Samples.capacity, disk: ByteCount? = nil
    ) -> PlatformView {
        var view = PlatformView()
        var random = Seeded(61)
        for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
            let cell = CellID(name)!
            view.put(
                .cell(CellRecord(id: cell, zone: "default", capacity: capacity, machineID: name, bootID: "boot")),
                revision: 1)
            for index in 0..<count {
                var spec = Samples.spec(disk: disk)
                spec.memory = .gigabytes(1)
                let app = AppRecord(
                    id: .random(using: &random), name: AppName("app-\(name)-\(index)")!, spec: spec, desired: .started,
                    generation: 1,
                    createdAt: Samples.start, updatedAt: Samples.start)
                view.put(.app(app), revision: 2)
                view.put(
                    .member(
                        MemberRecord(
                            id: .random(using: &random), app: app.id, index: 0, cell: cell, slot: 2 + index, volume: nil
                        )), revision: 2)
            }
        }
        return view
    }

    private static func refusal(
        _ view: PlatformView, memory: ByteCount = .megabytes(64), disk: ByteCount? = nil
    ) -> FoundryError? {
        do throws(FoundryError) {
            _ = try Placement.choose(memory: memory, disk: disk, view: view)
            return nil
        } catch {
            return error
        }
    }

    @Test("The cell with the most memory left, then the one with the lowest id")
    func mostRoom() throws {
        #expect(
            try Placement.choose(memory: .gigabytes(1), disk: nil, view: Self.view(["a": 3, "b": 1, "c": 2])).cell
                .description == "b")
        #expect(
            try Placement.choose(memory: .gigabytes(1), disk: nil, view: Self.view(["c": 1, "b": 1, "d": 2])).cell
                .description == "b")
    }

    @Test("The lowest free address, and never one that is taken, until there is none")
    func slots() throws {
        var view = Self.view(
            ["a": 0], capacity: CellCapacity(memory: .gigabytes(1_000), cpu: Millicores(1), disk: .gigabytes(1)))
        var random = Seeded(62)
        let app = AppRecord(
            id: .random(using: &random), name: AppName("demo")!, spec: Samples.spec(), desired: .started, generation: 1,
            createdAt: Samples.start,
            updatedAt: Samples.start)
        view.put(.app(app), revision: 2)
        var seen: Set<Int> = []
        for _ in 0..<253 {
            let slot = try Placement.choose(memory: .megabytes(1), disk: nil, view: view).slot
            #expect(seen.insert(slot).inserted && Placement.slots.contains(slot))
            view.put(
                .member(
                    MemberRecord(
                        id: .random(using: &random), app: app.id, index: 0, cell: CellID("a")!, slot: slot, volume: nil)
                ), revision: 3)
        }
        #expect(seen == Set(2...254))
        let error = Self.refusal(view)
        #expect(error?.code == .capacityShort)
        #expect(error?.message == "Cell a has no address left for another member.")
    }

    @Test("A gap between addresses is filled")
    func gap() throws {
        var view = Self.view(["a": 4])
        let member = try #require(view.members.values.first { $0.value.slot == 3 })
        view.remove(key: Record.member(member.value).key, revision: 3)
        #expect(try Placement.choose(memory: .megabytes(1), disk: nil, view: view).slot == 3)
    }

    @Test("What fits exactly is placed; a byte more is refused, with what is short")
    func memory() throws {
        let view = Self.view(["a": 15])
        #expect(try Placement.choose(memory: .gigabytes(1), disk: nil, view: view).slot == 17)
        let error = Self.refusal(view, memory: ByteCount(bytes: (1 << 30) + 1))
        #expect(error?.code == .capacityShort)
        #expect(error?.message == "It asks for 1 GiB of memory; cell a has 1 GiB left of 16 GiB.")
        #expect(error?.hint?.contains("--memory") == true)
        let full = Self.refusal(Self.view(["a": 20]), memory: .gigabytes(2))
        #expect(full?.message == "It asks for 2 GiB of memory; cell a has 0 B left of 16 GiB.")
    }

    @Test("A volume counts until its record is gone, whatever its phase")
    func disk() throws {
        var view = Self.view(
            ["a": 0], capacity: CellCapacity(memory: .gigabytes(16), cpu: Millicores(1), disk: .gigabytes(10)))
        var random = Seeded(63)
        let phases: [VolumePhase] = [
            .allotted, .held(by: MemberID("m")!), .sealed, .kept(until: Samples.start), .purging,
        ]
        for phase in phases {
            view.put(
                .volume(
                    VolumeRecord(
                        id: .random(using: &random), app: AppID("gone")!, appName: AppName("gone")!, cell: CellID("a")!,
                        size: .gigabytes(2),
                        directories: [], lineage: .random(using: &random), branch: 1, epoch: .none, sealedAt: .none,
                        isMade: true, phase: phase,
                        createdAt: Samples.start)), revision: 2)
        }
        #expect(Self.refusal(view, disk: .megabytes(1))?.code == .poolFull)
        #expect(Self.refusal(view) == nil)
    }

    @Test("Without a cell there is nowhere to go")
    func nowhere() {
        #expect(Self.refusal(PlatformView())?.code == .notRunning)
        #expect(Self.refusal(PlatformView())?.hint == "foundry status")
    }

    @Test("A cell without room is passed over for one that has it")
    func passedOver() throws {
        var view = Self.view(["a": 0, "b": 4])
        view.put(
            .cell(
                CellRecord(
                    id: CellID("a")!, zone: "default",
                    capacity: CellCapacity(memory: .gigabytes(64), cpu: Millicores(1), disk: .zero),
                    machineID: "a", bootID: "boot")), revision: 3)
        #expect(try Placement.choose(memory: .gigabytes(1), disk: .gigabytes(1), view: view).cell.description == "b")
    }
}

import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What `foundry top` shows")
struct UsageViewTests {
    private static func member(
        _ name: String, cpu: Int64? = 125, memory: Int64? = 5 << 20, flushes: Double? = 2.5
    ) -> MemberUsageSummary {
        MemberUsageSummary(
            guid: name, name: name, app: "a1", cell: "c1", phase: "healthy", restarts: 2, cpuMillicores: cpu,
            memory: memory, memoryLimit: 64 << 20, diskUsed: 96 << 20, diskSize: 100 << 20, flushesPerSecond: flushes,
            connections: 3)
    }

    @Test("a line for each member, used of limit, with hyphens for what is not known")
    func table() {
        let unknown = MemberUsageSummary(
            guid: "m2", name: "other/0", app: "a2", cell: "c1", phase: "crashed", restarts: 9)
        #expect(
            UsageView([Self.member("demo/0"), unknown]).lines(on: .plain) == [
                "MEMBER   STATE      CPU          MEMORY              DISK  FLUSH/S  CONNS  RESTARTS",
                "demo/0   healthy  12.5%  5 MiB / 64 MiB  96 MiB / 100 MiB      2.5      3         2",
                "other/0  crashed      -               -                 -        -      -         9",
            ])
        #expect(UsageView([]).lines(on: .plain) == ["No members. `foundry push redis` makes one."])
    }

    @Test("sorted by what was asked for, the most first, and by name where that decides nothing")
    func sorted() {
        let members = [Self.member("c", cpu: 1), Self.member("b", cpu: nil), Self.member("a", cpu: 900)]
        #expect(UsageOrder.cpu.sorted(members).map(\.name) == ["a", "c", "b"])
        #expect(UsageOrder.memory.sorted(members).map(\.name) == ["a", "b", "c"])
        #expect(UsageOrder.name.sorted(members).map(\.name) == ["a", "b", "c"])
    }

    @Test("a page fits its terminal, and says what does not")
    func page() {
        let members = (10..<40).map { Self.member("m\($0)/0") }
        let terminal = Terminal(isInteractive: true, hasColour: false, width: 100, height: 12)
        let lines = UsageView(members).page(on: terminal, at: Timestamp(millisecondsSince1970: 0))
        #expect(lines.count == 12 && lines.last == "and 22 more")
        #expect(
            lines[0] == "1970-01-01T00:00:00Z  30 of 30 members healthy, cpu 375.0%, memory 150 MiB"
                && lines[2].hasPrefix("MEMBER"))
        let roomy = Terminal(isInteractive: true, hasColour: false, width: 100, height: 100)
        #expect(UsageView(members).page(on: roomy, at: Timestamp(millisecondsSince1970: 0)).count == 33)
    }

    @Test("a limit that is near stands out")
    func near() {
        let colour = Terminal(isInteractive: true, hasColour: true, width: nil)
        let line = UsageView([Self.member("demo/0")]).lines(on: colour)[1]
        #expect(line.contains("\u{1b}[1;31m96 MiB / 100 MiB"))
    }
}

import FoundryModel
import FoundryRules
import Testing

@Suite("Commands in members: where, and how many")
struct ExecTests {
    private static let app = AppRecord(
        id: AppID("app")!, name: AppName("demo")!, spec: Samples.spec(), desired: .started, generation: 1,
        createdAt: Samples.start, updatedAt: Samples.start)

    private static func member(_ index: Int, _ role: MemberRole = .primary, of app: String = "app") -> MemberRecord {
        MemberRecord(
            id: MemberID("m\(index)")!, app: AppID(app)!, index: index, cell: Samples.cell, slot: index + 2,
            volume: nil, role: role)
    }

    private static func view(_ members: [MemberRecord], _ phases: [MemberPhase?]) -> PlatformView {
        var view = Samples.view()
        view.put(.app(app), revision: 2)
        for (member, phase) in zip(members, phases) {
            view.put(.member(member), revision: 3)
            guard let phase else { continue }
            let status = MemberStatus(
                id: member.id, generation: 1, phase: phase, since: Samples.start, restarts: 0, lastExit: nil,
                address: "10.0.0.2", startedAt: nil, pid: nil)
            view.put(.status(status), revision: 4)
        }
        return view
    }

    private static func chosen(
        _ members: [MemberRecord], instance: Int? = nil, phases: [MemberPhase?]? = nil, app: AppRecord = Self.app
    ) throws(FoundryError) -> Int {
        let phases = phases ?? members.map { _ in .healthy }
        return try ExecTarget.choose(app, instance: instance, in: view(members, phases)).index
    }

    @Test("The only member is taken, or the primary, or the one that is named")
    func target() throws {
        #expect(try Self.chosen([Self.member(0)]) == 0)
        let replicated = [Self.member(0, .replica), Self.member(1), Self.member(2, .replica)]
        #expect(try Self.chosen(replicated) == 1)
        #expect(try Self.chosen(replicated, instance: 2) == 2)
        #expect(try Self.chosen([Self.member(3), Self.member(4)], instance: 4) == 4)
    }

    @Test("Of several that are no replicas one must be named, and it must exist")
    func ambiguous() {
        let two = [Self.member(3), Self.member(4)]
        let several = #expect(throws: FoundryError.self) { try Self.chosen(two) }
        #expect(several?.code == .badRequest)
        #expect(several?.hint == "foundry exec demo --instance 3 -- COMMAND")
        let unknown = #expect(throws: FoundryError.self) { try Self.chosen(two, instance: 9) }
        #expect(unknown?.code == .notFound && unknown?.hint == "it has: 3, 4")
        let none = #expect(throws: FoundryError.self) { try Self.chosen([]) }
        #expect(none?.code == .memberNotRunning && none?.hint == "foundry why demo")
        let gone = #expect(throws: FoundryError.self) { try Self.chosen([], instance: 0) }
        #expect(gone?.code == .notFound && gone?.hint == "foundry why demo")
    }

    @Test("A member without a process is refused, with the command that helps")
    func notRunning() throws {
        for phase: MemberPhase in [.starting, .unhealthy] {
            #expect(try Self.chosen([Self.member(0)], phases: [phase]) == 0)
        }
        let idle: [MemberPhase?] = [
            .preparing, .stopping, .stopped, .waiting(nextTry: Samples.start), .crashed(nextTry: Samples.start),
            .refused(FoundryError(.volumeOlder, "It is older.")), nil,
        ]
        for phase in idle {
            let error = #expect(throws: FoundryError.self) { try Self.chosen([Self.member(0)], phases: [phase]) }
            #expect(
                error?.code == .memberNotRunning && error?.hint == "foundry why demo", "\(String(describing: phase))")
        }
        var stopped = Self.app
        stopped.desired = .stopped
        let error = #expect(throws: FoundryError.self) {
            try Self.chosen([Self.member(0)], phases: [.stopped], app: stopped)
        }
        #expect(error?.hint == "foundry start demo" && error?.message == "demo/0 is not running.")
    }

    private static func ticket(_ number: Int) -> ExecTicket { ExecTicket("t\(number)")! }

    @Test("A ticket is good once, for its cell, and its cell's orders name it until then")
    func tickets() throws {
        var book = ExecBook()
        try book.open(Self.ticket(2), in: Self.member(0))
        try book.open(Self.ticket(1), in: Self.member(1))
        #expect(book.orders(for: Samples.cell).map(\.ticket) == [Self.ticket(1), Self.ticket(2)])
        #expect(book.orders(for: Samples.cell).map(\.member) == [Self.member(1).id, Self.member(0).id])
        #expect(book.orders(for: CellID("other")!).isEmpty)
        #expect(throws: FoundryError.self) { try book.attach(Self.ticket(9), by: Samples.cell) }
        #expect(throws: FoundryError.self) { try book.attach(Self.ticket(1), by: CellID("other")!) }
        try book.attach(Self.ticket(1), by: Samples.cell)
        let again = #expect(throws: FoundryError.self) { try book.attach(Self.ticket(1), by: Samples.cell) }
        #expect(again?.code == .notFound)
        #expect(book.orders(for: Samples.cell).map(\.ticket) == [Self.ticket(2)] && book.count == 2)
        book.close(Self.ticket(2))
        #expect(book.orders(for: Samples.cell).isEmpty && book.count == 1)
    }

    @Test("An app has so many at once, the platform so many, and each that ends makes room")
    func limits() throws {
        var book = ExecBook()
        for number in 0..<ExecLimits.perApp { try book.open(Self.ticket(number), in: Self.member(0)) }
        let full = #expect(throws: FoundryError.self) { try book.open(Self.ticket(99), in: Self.member(1)) }
        #expect(full?.code == .tooManyRequests)
        book.close(Self.ticket(0))
        try book.open(Self.ticket(0), in: Self.member(1))
        for number in ExecLimits.perApp..<ExecLimits.total {
            try book.open(Self.ticket(number), in: Self.member(0, of: "app-\(number / ExecLimits.perApp)"))
        }
        let all = #expect(throws: FoundryError.self) {
            try book.open(Self.ticket(999), in: Self.member(0, of: "last"))
        }
        #expect(all?.code == .tooManyRequests && all?.message.contains("platform") == true)
    }

    @Test("A cell begins each order once, however often it comes, and no more than it may")
    func intake() {
        let orders = (0..<3).map { ExecOrder(ticket: Self.ticket($0), member: MemberID("m0")!) }
        var intake = ExecIntake()
        #expect(intake.follow(Array(orders[..<2])) == Array(orders[..<2]))
        #expect(intake.follow(orders) == [orders[2]])
        intake.ended(Self.ticket(0))
        #expect(intake.follow(orders) == [])
        #expect(intake.follow([]) == [])
        let many = (10..<200).map { ExecOrder(ticket: Self.ticket($0), member: MemberID("m0")!) }
        #expect(intake.follow(many).count == ExecLimits.total - 2)
        intake.ended(Self.ticket(1))
        #expect(intake.follow(many) == [], "what was beyond the limit is not begun late")
        #expect(intake.follow([orders[0]]).count == 1)
    }

    @Test(
        "What runc says becomes a sentence with what to do",
        arguments: [
            ("exec failed: exec: \"nope\": executable file not found in $PATH: unknown", ErrorCode.programNotFound),
            ("exec failed: exec: \"/x\": stat /x: no such file or directory", .programNotFound),
            ("exec failed: exec: \"/etc/passwd\": permission denied", .programNotExecutable),
            ("exec failed: exec /data/x: exec format error", .programNotExecutable),
            ("exec failed: exec: \"/etc\": is a directory: permission denied", .programNotExecutable),
            ("cannot exec in a stopped container", .execBroken),
            ("container does not exist", .execBroken),
            ("something new", .commandFailed),
        ])
    func failures(words: String, code: ErrorCode) {
        let error = ExecFailure.start(words, program: "nope", member: "demo/0")
        #expect(error.code == code && error.hint != nil && error.message.contains("demo/0"))
        #expect((error.detail != nil) == (code == .commandFailed))
    }

    @Test("What ends a command from outside is named")
    func endings() {
        #expect(ExecFailure.stopped("demo/0").hint == "foundry why demo")
        for error in [ExecFailure.cellGone, ExecFailure.platformStops] { #expect(error.code == .execBroken) }
    }
}

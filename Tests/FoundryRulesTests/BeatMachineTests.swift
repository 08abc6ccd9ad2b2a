import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Which server is the controller")
struct BeatMachineTests {
    private static let patience: Int64 = 3_000

    private static func machine(_ server: String = "s1", now: Int64 = 0) -> BeatMachine {
        BeatMachine(
            server: ServerID(server)!, beatMilliseconds: 1_000, patienceMilliseconds: patience,
            now: MonotonicTime(milliseconds: now))
    }

    private static func moment(_ milliseconds: Int64) -> Moment {
        Moment(wall: Samples.start + milliseconds, monotonic: MonotonicTime(milliseconds: milliseconds))
    }

    private static func view(
        term: UInt64? = nil, holder: String? = nil, beat: (term: UInt64, count: UInt64)? = nil, generation: UInt16 = 0
    ) -> PlatformView {
        var view = PlatformView()
        view.put(.cluster(ClusterRecord(generation: generation)), revision: 1)
        if let term {
            let record = TermRecord(term: Term(term), since: Samples.start, holder: holder.flatMap { ServerID($0) })
            view.put(.term(record), revision: 40 + Int64(term))
        }
        if let beat {
            view.put(.beat(BeatRecord(term: Term(beat.term), count: beat.count)), revision: 90 + Int64(beat.count))
        }
        return view
    }

    private static func claim(_ term: Term, at: Int64, over revision: Int64?) -> BeatMachine.Effect {
        .claim([
            .put(
                .term(TermRecord(term: term, since: Samples.start + at, holder: ServerID("s1"))),
                expects: revision.map { .revision($0) } ?? .absent)
        ])
    }

    private static func beat(_ term: UInt64, _ count: UInt64) -> BeatMachine.Effect {
        .beat([
            .put(.beat(BeatRecord(term: Term(term), count: count)), expects: .any),
            .check(key: "/term", kind: .term, expects: .revision(40 + Int64(term))),
        ])
    }

    @Test("Nothing is claimed before the records were seen; an empty store is claimed at once")
    func first() {
        var machine = Self.machine()
        #expect(machine.tick(now: Self.moment(9_999)) == nil)
        machine.see(Self.view(), now: MonotonicTime(milliseconds: 10_000))
        #expect(machine.tick(now: Self.moment(10_000)) == Self.claim(Term(1), at: 10_000, over: nil))
        #expect(machine.held == nil)
        #expect(machine.tick(now: Self.moment(12_999)) == nil, "one claim at a time")
        #expect(machine.nextWake(now: MonotonicTime(milliseconds: 10_000)).milliseconds == 13_000)
        #expect(machine.tick(now: Self.moment(13_000)) == Self.claim(Term(1), at: 13_000, over: nil))
    }

    /// One that has taken term 4, which it sees at 0.
    private static func holder(beat: (term: UInt64, count: UInt64)? = nil) -> BeatMachine {
        var machine = Self.machine(now: -9_000)
        machine.see(view(term: 3, holder: "s2", beat: beat), now: MonotonicTime(milliseconds: -9_000))
        _ = machine.tick(now: moment(-3_000))
        machine.see(view(term: 4, holder: "s1", beat: beat), now: MonotonicTime(milliseconds: 0))
        return machine
    }

    @Test(
        "A process that begins anew does not go on under the term of the one before it: it takes the next one, at once")
    func anew() {
        var machine = Self.machine()
        machine.see(Self.view(term: 4, holder: "s1", beat: (4, 7)), now: MonotonicTime(milliseconds: 0))
        #expect(machine.held == nil && machine.nextWake(now: MonotonicTime(milliseconds: 5)).milliseconds == 5)
        #expect(machine.tick(now: Self.moment(10)) == Self.claim(Term(5), at: 10, over: 44))
        #expect(machine.tick(now: Self.moment(20)) == nil && machine.held == nil, "one claim at a time")
        machine.see(Self.view(term: 5, holder: "s1", beat: (4, 7)), now: MonotonicTime(milliseconds: 30))
        #expect(machine.held?.value.term == Term(5) && machine.tick(now: Self.moment(30)) == Self.beat(5, 1))
    }

    @Test("Who holds the term beats in its period, counts up, and compares the term with each beat")
    func beats() {
        var machine = Self.holder()
        #expect(machine.held?.value.term == Term(4))
        #expect(machine.nextWake(now: MonotonicTime(milliseconds: 5)).milliseconds == 5)
        #expect(machine.tick(now: Self.moment(10)) == Self.beat(4, 1))
        #expect(machine.nextWake(now: MonotonicTime(milliseconds: 10)).milliseconds == 1_010)
        machine.see(Self.view(term: 4, holder: "s1", beat: (4, 1)), now: MonotonicTime(milliseconds: 20))
        #expect(machine.tick(now: Self.moment(1_009)) == nil)
        #expect(machine.tick(now: Self.moment(1_010)) == Self.beat(4, 2))
    }

    @Test("A beat of an older term is begun anew, not counted on")
    func olderBeat() {
        var machine = Self.holder(beat: (3, 70))
        #expect(machine.tick(now: Self.moment(0)) == Self.beat(4, 1))
    }

    @Test("A holder is replaced after the patience from its last sign, not before")
    func replaces() {
        var machine = Self.machine()
        machine.see(Self.view(term: 4, holder: "s2", beat: (4, 1)), now: MonotonicTime(milliseconds: 1_000))
        #expect(machine.tick(now: Self.moment(3_999)) == nil)
        machine.see(Self.view(term: 4, holder: "s2", beat: (4, 2)), now: MonotonicTime(milliseconds: 3_999))
        #expect(machine.nextWake(now: MonotonicTime(milliseconds: 4_000)).milliseconds == 6_999)
        #expect(machine.tick(now: Self.moment(6_998)) == nil)
        machine.see(Self.view(term: 4, holder: "s2", beat: (4, 2)), now: MonotonicTime(milliseconds: 6_998))
        #expect(machine.tick(now: Self.moment(6_999)) == Self.claim(Term(5), at: 6_999, over: 44))
    }

    @Test("A claim that was overtaken is not repeated before the new holder had its patience")
    func overtaken() {
        var machine = Self.machine()
        machine.see(Self.view(term: 4, holder: "s2"), now: MonotonicTime(milliseconds: 0))
        #expect(machine.tick(now: Self.moment(3_000)) != nil)
        machine.see(Self.view(term: 5, holder: "s3"), now: MonotonicTime(milliseconds: 3_100))
        #expect(machine.tick(now: Self.moment(6_099)) == nil)
        #expect(machine.tick(now: Self.moment(6_100)) == Self.claim(Term(6), at: 6_100, over: 45))
    }

    @Test("Who lost the store from sight counts the silence from zero")
    func restarts() {
        var machine = Self.machine()
        machine.see(Self.view(term: 4, holder: "s2"), now: MonotonicTime(milliseconds: 0))
        machine.restart(now: MonotonicTime(milliseconds: 2_900))
        #expect(machine.tick(now: Self.moment(5_899)) == nil)
        #expect(machine.tick(now: Self.moment(5_900)) != nil)
        machine.restart(now: MonotonicTime(milliseconds: 5_950))
        #expect(machine.tick(now: Self.moment(8_900)) == nil, "its own claim does not shorten the wait")
        #expect(machine.tick(now: Self.moment(8_950)) != nil)
    }

    @Test("After a restore of the store the next term is above all of the generations before")
    func restored() {
        var machine = Self.machine()
        machine.see(Self.view(term: 4, holder: "s2", generation: 2), now: MonotonicTime(milliseconds: 0))
        #expect(machine.tick(now: Self.moment(3_000)) == Self.claim(Term(2 << 48 + 1), at: 3_000, over: 44))
    }

    @Test(
        "Whoever is silenced, cut off or late: terms only grow, each has one holder, and in the end one beats",
        arguments: 1...40)
    func oneAtATime(seed: Int) {
        var world = BeatWorld(seed: UInt64(seed))
        for _ in 0..<600 { world.step(trouble: true) }
        for _ in 0..<200 { world.step(trouble: false) }
        #expect(world.machines.filter { $0.held != nil }.count == 1)
        #expect(world.terms.count >= 1 && world.terms == world.terms.sorted())
        #expect(Set(world.terms).count == world.terms.count, "no term was taken twice")
        #expect(world.beatsOfLast > 5, "the last holder beats on")
    }
}

/// Servers over one store that compares, with watches that come late or are cut off.
private struct BeatWorld {
    var random: Seeded
    var view = PlatformView()
    var machines: [BeatMachine]
    var terms: [UInt64] = []
    var beatsOfLast = 0
    private var now: Int64 = 0
    private var isCut: [Bool]

    init(seed: UInt64) {
        random = Seeded(seed)
        machines = (0..<3).map { Self.machine($0, now: 0) }
        isCut = [false, false, false]
    }

    /// Of a process that begins.
    private static func machine(_ index: Int, now: Int64) -> BeatMachine {
        BeatMachine(
            server: ServerID("s\(index + 1)")!, beatMilliseconds: 1_000, patienceMilliseconds: 3_000,
            now: MonotonicTime(milliseconds: now))
    }

    mutating func step(trouble: Bool) {
        now += Int64.random(in: 50...400, using: &random)
        let moment = Moment(wall: Samples.start + now, monotonic: MonotonicTime(milliseconds: now))
        for index in machines.indices {
            isCut[index] = trouble && (isCut[index] ? !random.chance(20) : random.chance(3))
            if isCut[index] { continue }
            if trouble, random.chance(2) { machines[index] = Self.machine(index, now: now) }
            if trouble, random.chance(5) { machines[index].restart(now: moment.monotonic) }
            if !trouble || random.chance(70) { machines[index].see(view, now: moment.monotonic) }
            guard let effect = machines[index].tick(now: moment) else { continue }
            if !trouble || random.chance(90) { commit(effect) }
        }
    }

    /// All of it, or nothing.
    private mutating func commit(_ effect: BeatMachine.Effect) {
        let writes: [RecordWrite]
        switch effect {
        case .claim(let claim): writes = claim
        case .beat(let beat): writes = beat
        }
        for write in writes {
            let revision = write.key == "/term" ? view.term?.revision : view.beat?.revision
            switch write.expectation {
            case .any: break
            case .absent: if revision != nil { return }
            case .revision(let expected): if revision != expected { return }
            }
        }
        for case .put(let record, _) in writes {
            view.put(record, revision: view.revision + 1)
            if case .term(let term) = record {
                terms.append(term.term.value)
                beatsOfLast = 0
            } else {
                beatsOfLast += 1
            }
        }
    }
}

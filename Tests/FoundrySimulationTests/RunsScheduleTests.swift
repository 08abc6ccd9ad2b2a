import FoundryRules
import Testing

@testable import FoundrySimulation

struct RunsScheduleTests {
    @Test("a seed draws the same schedule twice, and another seed another one", arguments: ProfileName.allCases)
    func repeatable(profile: ProfileName) {
        let one = RunRequest(seed: 42, profile: profile).schedule()
        #expect(one == RunRequest(seed: 42, profile: profile).schedule())
        if profile != .calm { #expect(one != RunRequest(seed: 43, profile: profile).schedule()) }
    }

    @Test("faults lie in the first part of the run, in order, and none outlasts it", arguments: 0..<50 as Range<UInt64>)
    func window(seed: UInt64) {
        let request = RunRequest(seed: seed, profile: .rough)
        let faults = request.schedule().faults
        #expect(faults.map(\.time) == faults.map(\.time).sorted())
        #expect(faults.allSatisfy { $0.time >= RunRequest.warmUp && $0.end <= request.healsAt })
        #expect(request.endsAt - request.healsAt >= .minutes(3))
    }

    @Test("calm draws nothing")
    func calm() { #expect(RunRequest(seed: 1, profile: .calm).schedule().faults.isEmpty) }

    @Test("all profiles together draw every kind that can be drawn")
    func everyKind() {
        var seen: Set<FaultKind> = []
        for profile in ProfileName.allCases {
            for seed in 0..<200 as Range<UInt64> {
                seen.formUnion(RunRequest(seed: seed, profile: profile).schedule().faults.map(\.kind))
            }
        }
        #expect(FaultKind.allCases.filter { $0.shape.isScheduled && !seen.contains($0) } == [])
    }

    @Test("what no promise covers happens only in the profile of that name")
    func outside() {
        for profile in ProfileName.allCases where profile != .outside {
            #expect(FaultKind.outsideThePromise.allSatisfy { FaultProfile(profile).rate(of: $0) == 0 })
        }
    }

    @Test("leaving faults out moves none of the others")
    func keeping() {
        let schedule = RunRequest(seed: 5, profile: .rough).schedule()
        #expect(schedule.keeping([0, 4]).faults == [schedule.faults[0], schedule.faults[4]])
    }

    @Test("targets exist in the world that the schedule is drawn for", arguments: 0..<30 as Range<UInt64>)
    func targets(seed: UInt64) {
        let size = WorldSize.small
        for fault in RunRequest(seed: seed, profile: .rough, size: size).schedule().faults {
            switch fault.target {
            case .cluster: break
            case .cell(let index): #expect((0..<size.cells).contains(index))
            case .server(let index): #expect((0..<size.servers).contains(index))
            case .router(let index): #expect((0..<size.routers).contains(index))
            case .app(let index): #expect((0..<size.apps).contains(index))
            }
        }
    }

    @Test("a campaign can be repeated from its first seed, and takes all profiles in turn")
    func campaign() {
        var one = Campaign(first: 99)
        var other = Campaign(first: 99)
        let requests = (0..<20).map { _ in one.next() }
        #expect(requests == (0..<20).map { _ in other.next() })
        #expect(Set(requests.map(\.profile)) == Set(one.templates.map(\.profile)))
        #expect(Set(requests.map(\.seed)).count == 20)
        var third = Campaign(first: 99, templates: one.templates, remembered: 7)
        #expect(third.next().seed == 7)
        #expect(third.next() == requests[1])
    }

    @Test("the worlds of all hunts are each there once, for so long as is asked")
    func hunts() {
        let worlds = BugPlan.worlds(minutes: 3)
        #expect(Set(worlds).count == worlds.count && worlds.allSatisfy { $0.minutes == 3 })
        let stresses = PlantedBug.allCases.flatMap { BugPlan.templates(for: $0) }.map(\.stress)
        #expect(Set(worlds.map(\.stress)) == Set(stresses))
    }

    @Test("faults that shall come often are named as they are printed, and nothing else is")
    func stress() throws {
        let stress = try #require(Stress("processPausedLong@server=60"))
        #expect(stress.description == "processPausedLong@server=60")
        #expect(Stress(stress.description) == stress)
        for text in ["", "nothing", "powerLoss@moon", "messageCut", "powerLoss=1=2"] { #expect(Stress(text) == nil) }
        var request = RunRequest(seed: 1, profile: .calm)
        request.stress = [stress]
        let faults = request.schedule().faults
        #expect(faults.count > 10 && faults.allSatisfy { $0.kind == .processPausedLong })
        #expect(faults.allSatisfy { if case .server = $0.target { true } else { false } })
    }

    @Test("a part of the pauses ends near the silence after which sessions expire")
    func nearLimits() {
        var request = RunRequest(seed: 1, profile: .calm)
        request.pace = .fast
        request.stress = [Stress("processPausedLong@cell=300")].compactMap { $0 }
        let near = request.schedule().faults.filter { $0.duration < .seconds(8) }
        #expect(near.count * 3 > request.schedule().faults.count)
    }

    @Test("a story keeps its newest lines, and makes no text when nobody asked")
    func story() {
        let story = Story(limit: 2)
        story.tell(.zero + .milliseconds(12_310), "cell c3", "lost power")
        story.tell(.zero + .seconds(13), "cell c3", "has power")
        story.tell(.zero + .seconds(14), "server s0", "was killed")
        #expect(story.told == ["   13.000 s  cell c3     has power", "   14.000 s  server s0   was killed"])
        let silent = Story(limit: 0)
        var made = 0
        silent.tell(
            .zero,
            {
                made += 1; return "x"
            }(), "y")
        #expect(made == 0 && silent.told.isEmpty)
    }

    @Test("a fingerprint knows the order")
    func fingerprint() {
        var one = Fingerprint()
        var other = Fingerprint()
        for word in [1, 2] as [UInt64] { one.add(word) }
        for word in [2, 1] as [UInt64] { other.add(word) }
        #expect(one.value != other.value)
    }

    @Test("what was reached is added up, and what was not is named")
    func reached() {
        var all = ReachedCounters()
        all.add(ReachedCounters(counts: [("fault powerLoss", 1), ("evidence word", 0)]))
        all.add(ReachedCounters(counts: [("fault powerLoss", 2), ("evidence word", 1)]))
        #expect(all.missing(least: 2) == ["evidence word"])
        #expect(all.missing(least: 2, except: ["evidence word"]).isEmpty)
        #expect(all.rarest(1).map(\.name) == ["evidence word"])
        #expect(all.rarest(5, except: ["evidence word"]).map(\.count) == [3])
    }
}

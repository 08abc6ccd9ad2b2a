import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("How a cell's power is cut")
struct FencePowerTests {
    private static func cell(_ levels: [[String]], undrilled: Set<String> = []) -> CellRecord {
        CellRecord(
            id: CellID("c1")!, zone: "z", capacity: Samples.capacity, machineID: "m", bootID: "b",
            power: levels.map { level in
                level.map { PowerDevice(name: $0, isDrilled: !undrilled.contains($0)) }
            })
    }

    private static let fence = FenceRecord(
        id: FenceID("f")!, cell: CellID("c1")!, incarnation: IncarnationID("i1")!, cause: .silence,
        createdAt: Samples.start, createdBy: "controller")

    /// Does what the rule says, with these answers; tells each step, and what it ended with.
    private static func told(_ cell: CellRecord, _ answers: [FenceOutcome]) -> [String] {
        var fence = Self.fence
        var (story, answers) = ([String](), answers)
        while true {
            switch FenceRule.nextPower(fence, cell: cell, needed: true) {
            case .use(var attempt):
                story.append("\(attempt.step.rawValue) \(attempt.device)")
                guard !answers.isEmpty else { return story }
                attempt.outcome = answers.removeFirst()
                record(attempt, &fence)
            case .confirm(let level): return story + ["confirm \(level)"]
            case .exhausted: return story + ["exhausted"]
            case nil: return story + ["nothing"]
            }
        }
    }

    private static func record(_ attempt: FenceAttempt, _ fence: inout FenceRecord) {
        fence.attempts.append(attempt)
        if fence.attempts.count > FenceRecord.attemptsKept { fence.attempts.removeFirst() }
    }

    @Test("Off, then it must say OFF; that is evidence")
    func simple() {
        #expect(Self.told(Self.cell([["ipmi"]]), [.succeeded, .saysOff]) == ["off ipmi", "status ipmi", "confirm 0"])
    }

    @Test("Two supplies: both are cut before either is asked")
    func twoSupplies() {
        #expect(
            Self.told(Self.cell([["a", "b"]]), [.succeeded, .succeeded, .saysOff, .saysOff])
                == ["off a", "off b", "status a", "status b", "confirm 0"])
    }

    @Test("What failed is tried again, and after three failures the next level is")
    func nextLevel() {
        let failed = FenceOutcome.failed("no route")
        #expect(
            Self.told(Self.cell([["ipmi"], ["pdu"]]), [failed, failed, failed, .succeeded, .saysOff])
                == ["off ipmi", "off ipmi", "off ipmi", "off pdu", "status pdu", "confirm 1"])
        #expect(
            Self.told(Self.cell([["ipmi"]]), [failed, failed, failed])
                == ["off ipmi", "off ipmi", "off ipmi", "exhausted"])
    }

    @Test("A status that fails is not OFF")
    func statusError() {
        let failed = FenceOutcome.failed("timed out")
        #expect(
            Self.told(Self.cell([["ipmi"]]), [.succeeded, failed, failed, failed])
                == ["off ipmi", "status ipmi", "status ipmi", "status ipmi", "exhausted"])
    }

    @Test("A device that says ON is told to be off again, and then everyone is asked again")
    func saysOn() {
        #expect(
            Self.told(
                Self.cell([["a", "b"]]),
                [.succeeded, .succeeded, .saysOff, .saysOn, .succeeded, .saysOff, .saysOff])
                == ["off a", "off b", "status a", "status b", "off b", "status a", "status b", "confirm 0"])
    }

    @Test("A device that goes on saying ON is given up, and so is one of three")
    func alwaysOn() {
        #expect(
            Self.told(
                Self.cell([["a"]]), [.succeeded, .saysOn, .succeeded, .saysOn, .succeeded, .saysOn, .succeeded])
                == ["off a", "status a", "off a", "status a", "off a", "status a", "exhausted"])
        let round: [FenceOutcome] = [.succeeded, .saysOff, .saysOff, .saysOn]
        let story = Self.told(
            Self.cell([["a", "b", "c"], ["pdu"]]), [.succeeded, .succeeded] + round + round + round)
        #expect(story.count == 15 && story.last == "off pdu")
    }

    @Test("A level that was left is not begun again, though its attempts are forgotten")
    func forgotten() {
        var fence = Self.fence
        fence.attempts = [
            FenceAttempt(number: 20, level: 1, device: "pdu", step: .off, outcome: .succeeded)
        ]
        let step = FenceRule.nextPower(fence, cell: Self.cell([["ipmi"], ["pdu"]]), needed: true)
        #expect(
            step == .use(FenceAttempt(number: 21, level: 1, device: "pdu", step: .status, outcome: .begun)))
    }

    @Test("A device that nobody drilled is not used: it may mean another machine")
    func undrilled() {
        #expect(Self.told(Self.cell([["typo"]], undrilled: ["typo"]), []) == ["exhausted"])
        #expect(Self.told(Self.cell([["a", "typo"], ["pdu"]], undrilled: ["typo"]), []) == ["off pdu"])
        #expect(Self.told(Self.cell([[], ["a", "b", "c", "d"]]), []) == ["exhausted"])
        guard case .exhausted(let text)? = FenceRule.nextPower(Self.fence, cell: Self.cell([]), needed: true) else {
            Issue.record("a cell without devices has nothing to try")
            return
        }
        #expect(text == "cell c1 has no power device that a drill has proved; it waits for a person")
    }

    @Test(
        "Nothing is done while an attempt is on its way, when nobody needs it, when it is proved, or when the fence is lifted"
    )
    func nothing() {
        let cell = Self.cell([["ipmi"]])
        #expect(FenceRule.nextPower(Self.fence, cell: cell, needed: false) == nil)
        var fence = Self.fence
        fence.attempts = [FenceAttempt(number: 1, level: 0, device: "ipmi", step: .off, outcome: .begun)]
        #expect(FenceRule.nextPower(fence, cell: cell, needed: true) == nil)
        fence.attempts[0].outcome = .succeeded
        #expect(FenceRule.nextPower(fence, cell: cell, needed: true) != nil)
        fence.evidence = [.person("operator"), .word(promises: []), .power(level: 0)]
        #expect(FenceRule.nextPower(fence, cell: cell, needed: true) == nil)
        fence.evidence = []
        fence.state = .lifted(at: Samples.start)
        #expect(FenceRule.nextPower(fence, cell: cell, needed: true) == nil)
    }

    @Test("Whatever devices answer: it ends, and OFF is confirmed only of a machine that is off")
    func property() {
        var random = Seeded(81)
        var counts = [0, 0]
        for _ in 0..<3_000 {
            let levels = (0..<Int.random(in: 1...3, using: &random)).map { level in
                (0..<Int.random(in: 1...3, using: &random)).map { "d\(level)\($0)" }
            }
            let cell = Self.cell(levels)
            var fence = Self.fence
            // A machine is on while any supply of any level is.
            var isOn: Set<String> = Set(levels.joined())
            var last: PowerStep?
            for step in 0..<100 {
                last = FenceRule.nextPower(fence, cell: cell, needed: true)
                guard case .use(var attempt)? = last else { break }
                #expect(step < 60 && attempt.number == (fence.attempts.last?.number ?? 0) + 1)
                attempt.outcome = Self.answer(attempt, &isOn, &random)
                Self.record(attempt, &fence)
            }
            switch last {
            case .confirm(let level):
                counts[0] += 1
                #expect(levels[level].allSatisfy { !isOn.contains($0) }, "\(fence.attempts)")
            case .exhausted: counts[1] += 1
            case .use, nil: Issue.record("it does not end: \(fence.attempts)")
            }
        }
        #expect(counts[0] > 300 && counts[1] > 300, "\(counts)")
    }

    private static func answer(
        _ attempt: FenceAttempt, _ isOn: inout Set<String>, _ random: inout Seeded
    ) -> FenceOutcome {
        switch attempt.step {
        case .off:
            // It may fail and have worked.
            if random.chance(70) { isOn.remove(attempt.device) }
            return isOn.contains(attempt.device) || random.chance(10) ? .failed("no answer") : .succeeded
        case .status:
            if random.chance(25) { return .failed("no answer") }
            return isOn.contains(attempt.device) ? .saysOn : .saysOff
        }
    }
}

@Suite("What a cell's word proves")
struct FenceWordTests {
    private static let fence = FenceRecord(
        id: FenceID("f2")!, cell: CellID("c1")!, incarnation: IncarnationID("i1")!, cause: .asked,
        createdAt: Samples.start, createdBy: "operator")
    private static let promises = [VolumePromise(volume: VolumeID("v")!, epoch: Epoch(4))]

    private static func word(_ fence: String, _ incarnation: String, _ promises: [VolumePromise]) -> FenceWord {
        FenceWord(fence: FenceID(fence)!, incarnation: IncarnationID(incarnation)!, promises: promises)
    }

    @Test("It must name this fence and come from the incarnation that is meant; older news never confirms")
    func takes() {
        let evidence = FenceEvidence.word(promises: Self.promises)
        #expect(FenceRule.takeWord(Self.word("f2", "i1", Self.promises), fence: Self.fence) == evidence)
        #expect(FenceRule.takeWord(Self.word("f1", "i1", Self.promises), fence: Self.fence) == nil)
        #expect(FenceRule.takeWord(Self.word("f2", "i2", Self.promises), fence: Self.fence) == nil)
        #expect(FenceRule.takeWord(Self.word("f2", "i1", []), fence: Self.fence) == nil)
        var lifted = Self.fence
        lifted.state = .lifted(at: Samples.start)
        #expect(FenceRule.takeWord(Self.word("f2", "i1", Self.promises), fence: lifted) == nil)
    }
}

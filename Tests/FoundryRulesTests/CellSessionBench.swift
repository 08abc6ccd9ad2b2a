import FoundryModel
import FoundryRules
import FoundryTestSupport

/// A cell's session machine, told what happens when.
struct CellSessionBench {
    static let one = SessionID("s1")!
    static let two = SessionID("s2")!
    static let guards = GuardReport(armed: [.sentinel, .watcher])
    static let identity = CellIdentity(
        cell: CellID("c1")!, incarnation: IncarnationID("i1")!, machineID: "m1", bootID: "b1", isPausable: false)

    var machine: CellSessionMachine
    private(set) var now: Int64 = 0
    private var newest: UInt64 = 0

    init(_ timing: SessionTiming) {
        machine = CellSessionMachine(
            identity: Self.identity, timing: timing, remembered: 0, now: MonotonicTime(milliseconds: 100_000))
    }

    static func holding(_ timing: SessionTiming) -> CellSessionBench {
        var bench = CellSessionBench(timing)
        _ = bench.tick(0)
        _ = bench.answer(10, .granted(one, sequence: 1))
        return bench
    }

    func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: 100_000 + milliseconds) }

    mutating func decide(_ event: CellSessionEvent, _ milliseconds: Int64) -> CellSessionDecision {
        now = milliseconds
        let decision = machine.handle(event, guards: Self.guards, now: time(milliseconds))
        if let sent = sent(decision.effects) { newest = sent.number }
        return decision
    }

    mutating func tick(_ milliseconds: Int64) -> [CellSessionEffect] { decide(.tick, milliseconds).effects }

    /// Answers the newest request.
    mutating func answer(_ milliseconds: Int64, _ answer: SessionAnswer) -> [CellSessionEffect] {
        decide(.answered(number: newest, answer), milliseconds).effects
    }

    func sent(_ effects: [CellSessionEffect]) -> (request: SessionRequest, number: UInt64)? {
        for case .send(let request, let number) in effects { return (request, number) }
        return nil
    }
}

/// A cell and a server that keeps sessions, with a network between them that loses, delays and repeats.
struct CellSessionWorld {
    let loss: Int
    let timing: SessionTiming
    private var machine: CellSessionMachine
    private var now: Int64 = 0
    private var session: SessionID?
    private var sequence: UInt64 = 0
    private var granted = 0
    private var toServer: [(at: Int64, request: SessionRequest, number: UInt64)] = []
    private var toCell: [(at: Int64, number: UInt64, answer: SessionAnswer)] = []
    private var sentAt: [UInt64: Int64] = [:]
    private var inFlight: UInt64?
    private(set) var renewals = 0
    private(set) var fired = 0
    private(set) var violations: [String] = []

    init(timing: SessionTiming, loss: Int) {
        self.timing = timing
        self.loss = loss
        machine = CellSessionMachine(
            identity: CellSessionBench.identity, timing: timing, remembered: 0, now: MonotonicTime(milliseconds: 0))
    }

    mutating func step(using random: inout Seeded) {
        now += Int64.random(in: 0...timing.renewMilliseconds / 8, using: &random)
        for message in toServer where message.at <= now { serve(message.request, message.number, using: &random) }
        toServer.removeAll { $0.at <= now }
        for message in toCell where message.at <= now {
            tell(.answered(number: message.number, message.answer), using: &random)
        }
        toCell.removeAll { $0.at <= now }
        if machine.nextWake.milliseconds <= now { tell(.tick, using: &random) }
    }

    private mutating func tell(_ event: CellSessionEvent, using random: inout Seeded) {
        let decision = machine.handle(event, guards: .none, now: MonotonicTime(milliseconds: now))
        for effect in decision.effects {
            switch effect {
            case .send(let request, let number):
                sentAt[number] = now
                for _ in 0..<(random.chance(10) ? 2 : 1) where !random.chance(loss) {
                    toServer.append((now + delay(&random), request, number))
                }
            case .feed(_, let at):
                renewals += 1
                check(sentAt.values.contains(at.milliseconds), "fed with a moment at which nothing was sent")
                check(now - at.milliseconds < timing.fuseMilliseconds, "fed with a renewal that is older than F")
            case .changed, .beginAnew: break
            case .fireGuards: fired += 1
            }
        }
        if case .held(_, let at) = machine.held {
            check(now - at.milliseconds < timing.fuseMilliseconds, "a session is held that is older than F")
        }
        check(machine.nextWake.milliseconds > now, "it wants to be woken in the past")
    }

    private mutating func serve(_ request: SessionRequest, _ number: UInt64, using random: inout Seeded) {
        let answer: SessionAnswer
        if let asked = request.session {
            if asked != session {
                answer = .refused(.unknown)
            } else if request.sequence != sequence {
                answer = .refused(.sequenceIs(sequence))
            } else {
                sequence += 1
                answer = .granted(asked, sequence: sequence)
            }
        } else {
            granted += 1
            session = SessionID("s\(granted)")
            sequence = 1
            answer = .granted(session!, sequence: 1)
        }
        if !random.chance(loss / 3) { toCell.append((now + delay(&random), number, answer)) }
    }

    /// Short as a rule, now and then longer than R.
    private func delay(_ random: inout Seeded) -> Int64 {
        Int64.random(
            in: 0...(random.chance(max(2, loss / 10)) ? 2 * timing.renewMilliseconds : timing.renewMilliseconds / 10),
            using: &random)
    }

    private mutating func check(_ condition: Bool, _ sentence: String) {
        if !condition { violations.append("at \(now): \(sentence)") }
    }
}

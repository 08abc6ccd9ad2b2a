import FoundryModel

/// A cell's side of its session: it asks for one, renews it every R, and knows how old it is; design 5.1 and 5.5.
///
/// One request is under way at a time, and given up after a while; only the newest is believed. The age of a session counts from before the first byte of
/// the renewal that succeeded was sent, on a clock that counts suspended time. At age F the guards act and the session is over for this cell, whatever the
/// server thinks: it asks for a new one.
public struct CellSessionMachine: Hashable, Sendable {
    public let identity: CellIdentity
    public let timing: SessionTiming

    /// What it has; nil: it asks for one.
    var grant: Grant?
    /// From which the guards count, as they were last fed; kept when the server did not know the session any more.
    var fedFrom: MonotonicTime?
    var pending: Pending?
    /// The newest that was given up.
    var givenUp: Pending?
    var nextSend: MonotonicTime
    /// The newest sequence that an answer named.
    var remembered: UInt64
    var number: UInt64 = 0
    /// How long a request may take now.
    var patience: Int64

    /// - Parameter remembered: the sequence that the pool's disk has: of the last request that was sent, by whichever process.
    /// - Parameter now: it asks at once.
    public init(identity: CellIdentity, timing: SessionTiming, remembered: UInt64, now: MonotonicTime) {
        self.identity = identity
        self.remembered = remembered
        self.timing = timing
        nextSend = now
        patience = Self.patience(timing)
    }

    public var held: HeldSession { grant.map { .held($0.session, sentAt: $0.sentAt) } ?? .none }

    /// Takes an event and returns what is due, in this order. Time is looked at first: what is too late by now is refused.
    ///
    /// - Parameter guards: what the cell claims with its next request; asked for only when one is sent.
    public mutating func handle(
        _ event: CellSessionEvent, guards: @autoclosure () -> GuardReport, now: MonotonicTime
    ) -> CellSessionDecision {
        var decision = CellSessionDecision()
        lapse(&decision, now: now)
        if let pending, now - pending.sentAt >= patience { giveUp(pending, now: now) }
        switch event {
        case .tick: break
        case .answered(let number, let answer): take(answer, of: number, &decision, now: now)
        case .failed(let number): fail(number, &decision, now: now)
        case .guardsFired:
            end(&decision)
            pending = nil
            nextSend = now
        }
        if pending == nil, now >= nextSend { send(guards(), &decision, now: now) }
        return decision
    }

    /// When it wants a tick.
    public var nextWake: MonotonicTime {
        let next = pending.map { $0.sentAt + patience } ?? nextSend
        return fedFrom.map { min(next, $0 + timing.fuseMilliseconds) } ?? next
    }

    /// The guards have acted, or act now: the session is too old to run anything under.
    private mutating func lapse(_ decision: inout CellSessionDecision, now: MonotonicTime) {
        guard let fedFrom, now - fedFrom >= timing.fuseMilliseconds else { return }
        fire(&decision)
        pending = nil
        nextSend = now
    }

    private mutating func giveUp(_ request: Pending, now: MonotonicTime) {
        givenUp = request
        pending = nil
        nextSend = now
    }

    private mutating func fail(_ number: UInt64, _ decision: inout CellSessionDecision, now: MonotonicTime) {
        guard pending?.number == number else { return decision.rejection = .notTheNewest(number) }
        pending = nil
        nextSend = now + max(1, timing.renewMilliseconds / 4)
    }

    private mutating func send(_ guards: GuardReport, _ decision: inout CellSessionDecision, now: MonotonicTime) {
        number += 1
        let sequence = grant?.sequence ?? remembered
        pending = Pending(number: number, sentAt: now, session: grant?.session, sequence: sequence)
        decision.effects.append(
            .send(
                SessionRequest(
                    cell: identity.cell, incarnation: identity.incarnation, machineID: identity.machineID,
                    bootID: identity.bootID, session: grant?.session, sequence: sequence,
                    guards: grant == nil ? .none : guards, isPausable: identity.isPausable), number: number))
    }

    /// How long an answer may take at first: so long that two requests fit into what the guards wait for.
    static func patience(_ timing: SessionTiming) -> Int64 {
        max(1, min(timing.renewMilliseconds, timing.fuseMilliseconds / 3))
    }
}

extension CellSessionMachine {
    struct Grant: Hashable, Sendable {
        var session: SessionID
        var sequence: UInt64
        var sentAt: MonotonicTime
    }

    struct Pending: Hashable, Sendable {
        var number: UInt64
        var sentAt: MonotonicTime
        var session: SessionID?
        var sequence: UInt64
    }
}

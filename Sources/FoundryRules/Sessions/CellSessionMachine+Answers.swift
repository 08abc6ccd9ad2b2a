import FoundryModel

extension CellSessionMachine {
    /// Only the newest request is believed: what an older one was granted may have been replaced since.
    mutating func take(
        _ answer: SessionAnswer, of number: UInt64, _ decision: inout CellSessionDecision, now: MonotonicTime
    ) {
        guard let request = pending, request.number == number else {
            decision.rejection = .notTheNewest(number)
            return learn(from: number, now: now)
        }
        switch answer {
        case .granted(let session, let sequence):
            grant(session, sequence, request, &decision, now: now)
        case .refused(let refusal):
            pending = nil
            take(refusal, request, &decision, now: now)
        }
    }

    private mutating func grant(
        _ session: SessionID, _ sequence: UInt64, _ request: Pending, _ decision: inout CellSessionDecision,
        now: MonotonicTime
    ) {
        pending = nil
        nextSend = max(now, request.sentAt + timing.renewMilliseconds)
        guard request.session == nil || request.session == session else {
            decision.rejection = .anotherSession(session)
            return
        }
        if now - request.sentAt < Self.patience(timing) { patience = Self.patience(timing) }
        let sentAt = Planted.has(.sessionAgeFromAnswer) ? now : request.sentAt
        let isNew = grant == nil
        grant = Grant(session: session, sequence: sequence, sentAt: sentAt)
        remembered = max(remembered, sequence)
        fedFrom = sentAt
        decision.effects.append(.feed(session, sentAt: sentAt))
        if isNew { decision.effects.append(.changed(session)) }
    }

    private mutating func take(
        _ refusal: SessionRefusal, _ request: Pending, _ decision: inout CellSessionDecision, now: MonotonicTime
    ) {
        // A renewal that was refused is followed by another question at once; an opening that was refused waits for its turn.
        nextSend = max(now, request.sentAt + timing.renewMilliseconds)
        switch refusal {
        case .expired:
            fire(&decision)
            if request.session != nil { nextSend = now }
        case .heldByAnother:
            fire(&decision)
        case .diskOlder:
            fire(&decision)
            decision.effects.append(.beginAnew)
        case .unknown:
            // Nobody cut this cell off: what runs goes on until the guards act, or until a new session comes before that.
            end(&decision, keepsFuse: true)
            if request.session != nil { nextSend = now }
        case .sequenceIs(let sequence):
            guard request.session != nil, sequence != request.sequence else { return }
            grant?.sequence = sequence
            remembered = max(remembered, sequence)
            nextSend = now
        case .unavailable:
            break
        }
    }

    /// The guarded members must end now.
    mutating func fire(_ decision: inout CellSessionDecision) {
        let wasFed = fedFrom != nil
        end(&decision)
        if wasFed { decision.effects.append(.fireGuards) }
    }

    mutating func end(_ decision: inout CellSessionDecision, keepsFuse: Bool = false) {
        if grant != nil { decision.effects.append(.changed(nil)) }
        grant = nil
        if !keepsFuse { fedFrom = nil }
    }

    /// An answer that came too late shows that the way is slow, not broken: the next one is given more time.
    private mutating func learn(from number: UInt64, now: MonotonicTime) {
        guard let late = givenUp, late.number == number else { return }
        patience = max(patience, min(timing.fuseMilliseconds / 2, (now - late.sentAt) * 5 / 4))
    }
}

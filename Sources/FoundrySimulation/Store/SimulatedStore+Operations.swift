import FoundryModel
import FoundryRules

extension SimulatedStore {
    /// How long a member tries before it drops a request: etcd's 5 s and two elections.
    static var requestTimeout: SimulationDuration { .seconds(7) }

    /// Until a request is carried out, when nothing is wrong: a commit waits for two disks, the rest for messages.
    mutating func latency(of request: StoreRequest) -> SimulationDuration {
        let wait =
            switch request {
            case .commit: latencyRandom.heavyTail(least: .microseconds(1_600), most: .milliseconds(200))
            case .read: latencyRandom.heavyTail(least: .microseconds(350), most: .milliseconds(50))
            case .readSerializable, .keepAlive:
                latencyRandom.heavyTail(least: .microseconds(120), most: .milliseconds(20))
            }
        return wait * faults.slowness
    }

    mutating func handleOperation(
        _ ticket: Ticket, at now: SimulationTime, _ reach: some Reachability
    ) -> Delivery? {
        guard let operation = operations[ticket] else { return nil }
        let node = members[operation.member].node
        switch operation.stage {
        case .asked:
            guard node == operation.client || reach.isOpen(from: operation.client, to: node) else {
                operations.remove(ticket)
                return nil
            }
            carryOut(ticket, operation, at: now)
            return nil
        case .answered(let answer):
            guard !members[operation.member].isPaused else {
                signals.append((.operation(ticket), now + .milliseconds(50)))
                return nil
            }
            operations.remove(ticket)
            guard !operation.isAbandoned, node == operation.client || reach.isOpen(from: node, to: operation.client)
            else {
                lose(answer, operation)
                return nil
            }
            checker.answered(operation.number, answer)
            return .answer(ticket, client: operation.client, operation.tag, answer)
        }
    }

    private mutating func carryOut(_ ticket: Ticket, _ operation: Operation, at now: SimulationTime) {
        guard members[operation.member].isUp else { return answer(ticket, .unavailable, at: now) }
        guard !members[operation.member].isPaused else { return retry(ticket, operation, at: now) }
        switch operation.request {
        case .readSerializable(let query):
            answer(ticket, .snapshot(readSerializable(query, operation.member, at: now)), at: now)
        case .keepAlive:
            guard believesInLeader(operation.member, at: now) else { return retry(ticket, operation, at: now) }
            answer(ticket, .alive, at: now)
        case .read(let query):
            guard hearsLeader(operation.member) else { return retry(ticket, operation, at: now) }
            let snapshot = snapshot(query, in: table, at: table.revision)
            checker.read(snapshot, query, floor: operation.floor)
            answer(ticket, .snapshot(snapshot), at: now)
        case .commit(let writes):
            guard hearsLeader(operation.member) else { return retry(ticket, operation, at: now) }
            let result = commit(writes, operation, at: now)
            if operation.isAbandoned { counters.count(.storeOutcomeUnknown) }
            answer(ticket, result, at: now)
        }
    }

    private func hearsLeader(_ member: Int) -> Bool { leader != nil && members[member].isConnected }

    private mutating func believesInLeader(_ member: Int, at now: SimulationTime) -> Bool {
        if members[member].deposedUntil > now {
            counters.count(.storeDeposedLeaderAnswered)
            return true
        }
        return hearsLeader(member)
    }

    /// A member without a leader keeps the request for a while: it may be carried out long after the client gave up.
    private mutating func retry(_ ticket: Ticket, _ operation: Operation, at now: SimulationTime) {
        guard now - operation.submittedAt < Self.requestTimeout else {
            operations.remove(ticket)
            return
        }
        signals.append((.operation(ticket), now + .milliseconds(40) + latency(of: operation.request)))
    }

    private mutating func answer(_ ticket: Ticket, _ answer: StoreAnswer, at now: SimulationTime) {
        if faultRandom.happens(faults.answerLoss) {
            counters.count(.storeAnswerLost)
            let operation = operations.remove(ticket)
            if let operation { lose(answer, operation) }
            return
        }
        operations[ticket]?.stage = .answered(answer)
        let wait = latencyRandom.heavyTail(least: .microseconds(100), most: .milliseconds(20))
        signals.append((.operation(ticket), now + wait))
    }

    private mutating func lose(_ answer: StoreAnswer, _ operation: Operation) {
        checker.unanswered(operation.number)
        switch answer {
        case .committed: counters.count(.storeOutcomeUnknown)
        case .conflict, .snapshot, .alive, .unavailable: break
        }
    }

    private mutating func readSerializable(
        _ query: StoreQuery, _ member: Int, at now: SimulationTime
    ) -> StoreSnapshot {
        bringUpToDate(member, at: now)
        let applied = members[member].table
        if applied.revision < table.revision { counters.count(.storeReadStale) }
        if members[member].deposedUntil > now { counters.count(.storeDeposedLeaderAnswered) }
        let snapshot = snapshot(query, in: applied, at: applied.revision)
        checker.readSerializable(snapshot, member: member)
        return snapshot
    }

    /// Applies what a member has received until now.
    mutating func bringUpToDate(_ member: Int, at now: SimulationTime) {
        let applied = members[member].table.revision
        let target =
            members[member].isConnected
            ? history.revision(at: now - members[member].lag) ?? max(members[member].seen, history.compacted)
            : members[member].seen
        guard target > applied else { return }
        guard applied >= history.compacted else {
            // What it lacks is forgotten: it gets a snapshot of the whole.
            members[member].table = table
            return
        }
        history.forEach(after: applied, upTo: target) { change in
            members[member].table.apply(change)
            return true
        }
    }

    private mutating func commit(
        _ writes: [RecordWrite], _ operation: Operation, at now: SimulationTime
    ) -> StoreAnswer {
        for write in writes {
            let stored = keys.number(of: write.key).flatMap { table[$0]?.revision }
            guard write.expectation.holds(stored: stored) else {
                checker.conflicted(writes, keys)
                return .conflict(key: write.key)
            }
        }
        checker.begin(writes, keys, floor: operation.floor)
        let revision = table.revision + 1
        for write in writes {
            guard let change = change(write, revision) else { continue }
            table.apply(change)
            history.append(change, at: now)
            checker.changed(change)
        }
        checker.committed(operation.number, revision: table.revision)
        if table.revision == revision {
            if history.count > historyLimit { compact(keeping: historyLimit / 2, at: now) }
            wakeWatches(of: nil, at: now)
        }
        return .committed(revision: table.revision)
    }

    private mutating func change(_ write: RecordWrite, _ revision: Int64) -> StoreChange? {
        switch write {
        case .check: return nil
        case .put(let record, _):
            let key = keys.intern(record.key, record.kind)
            return StoreChange(
                key: key, kind: keys.kinds[Int(key)], stored: StoredRecord(record), revision: revision)
        case .delete(let text, _, _):
            guard let key = keys.number(of: text), table[key] != nil else { return nil }
            return StoreChange(key: key, kind: keys.kinds[Int(key)], stored: nil, revision: revision)
        }
    }
}

extension RecordExpectation {
    /// - Parameter stored: the revision that last wrote the record; nil when there is none.
    func holds(stored: Int64?) -> Bool {
        switch self {
        case .absent: stored == nil
        case .revision(let wanted): stored == wanted
        case .any: true
        }
    }
}

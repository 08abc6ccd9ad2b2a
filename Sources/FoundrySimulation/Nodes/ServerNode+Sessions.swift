import FoundryModel
import FoundryRules

extension ServerNode {
    /// The record is read linearizably, decided on, and compared by the transaction that answers.
    func readSession(_ call: SessionCall) {
        var call = call
        call.tries += 1
        if Planted.has(.keepaliveByDeposedLeader), call.request.session != nil, call.tries == 1 {
            self.call(.keepAlive, .sessionKeepAlive(call), limit: .seconds(2))
        }
        self.call(
            .read(.key(RecordKind.session.key(call.request.cell.description))), .sessionRead(call), limit: .seconds(2))
    }

    func sessionRead(_ call: SessionCall, _ answer: StoreAnswer?) {
        guard case .snapshot(let snapshot)? = answer else { return reply(call, .refused(.unavailable)) }
        var record: Revised<SessionRecord>?
        if let entry = snapshot.entries.first, case .session(let session) = entry.record {
            record = Revised(session, revision: entry.revision)
        }
        var call = call
        if Planted.has(.keepaliveByDeposedLeader), call.request.session != nil, call.tries == 1 {
            call.isAnswered = true
            if let sequence = record?.value.sequence { call.request.sequence = sequence }
        }
        switch SessionRule.decide(call.request, record: record, fresh: world.names.session()) {
        case .answer(let words): reply(call, words)
        case .commit(let writes, let words):
            self.call(.commit(writes), .sessionCommit(call, words), limit: .seconds(2))
        }
    }

    func sessionCommitted(_ call: SessionCall, _ words: SessionAnswer, _ answer: StoreAnswer?) {
        switch answer {
        case .committed: reply(call, words)
        case .conflict: call.tries < 3 ? readSession(call) : reply(call, .refused(.unavailable))
        case .unavailable, .alive, .snapshot, nil: reply(call, .refused(.unavailable))
        }
    }

    func sessionKeptAlive(_ call: SessionCall, _ answer: StoreAnswer?) {
        guard case .alive? = answer, let session = call.request.session else { return }
        reply(call, .granted(session, sequence: call.request.sequence + 1))
    }

    private func reply(_ call: SessionCall, _ words: SessionAnswer) {
        guard !call.isAnswered else { return }
        world.send(.sessionAnswer(words, number: call.number, life: call.life), from: node, to: call.node)
    }
}

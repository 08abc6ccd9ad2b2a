import FoundryModel

/// What an app is promised of its checks.
struct HealthContract {
    let spec: WorkloadSpec

    var sentences: [ContractSentence] {
        [liveness, readiness, writes].compactMap(\.self)
    }

    private var liveness: ContractSentence? {
        let check = spec.health
        let silence: String
        switch check.asks {
        case .process: return nil
        case .port(let port): silence = "answers no connection on port \(port)"
        case .http(let port, let path):
            silence = "does not answer GET \(path) on port \(port) with a status of 200 to 399"
        case .command: silence = "fails its health command"
        case .engine(let engine, let port): silence = "gives no answer of \(engine.rawValue) on port \(port)"
        }
        return ContractSentence(
            clause: .silenceRestarts,
            text:
                "When it \(silence) \(check.failuresAllowed) times in a row, \(Contract.duration(check.intervalMilliseconds)) apart, it is restarted; a start may take \(Contract.duration(check.startPeriodMilliseconds))."
        )
    }

    private var readiness: ContractSentence? {
        guard let check = spec.readiness else { return nil }
        return ContractSentence(
            clause: .unreadyUnrouted,
            text:
                "While it is not ready, after \(check.failuresAllowed) failures in a row, nobody is led to it; it is not restarted for that."
        )
    }

    private var writes: ContractSentence? {
        guard let check = ImageChecks.writeProbe(spec) else { return nil }
        return ContractSentence(
            clause: .hungDiskShown,
            text:
                "Every \(Contract.duration(check.intervalMilliseconds)) something small is written through to its disk; when that fails, or takes \(Contract.duration(check.timeoutMilliseconds)), it shows as unhealthy, and is not restarted for that."
        )
    }
}

import FoundryModel

/// How checks are told, and how they fail.
public enum CheckWords {
    /// What is checked of an app's members, a line each: "GET /health on port 8080, every 2 s".
    public static func lines(_ spec: WorkloadSpec) -> [String] {
        [
            "\(question(spec.health.asks))\(pace(spec.health))",
            spec.readiness.map { "\(question($0.asks))\(pace($0)), before it gets connections" },
            ImageChecks.writeProbe(spec).map { "a write through to its disk\(pace($0))" },
        ].compactMap(\.self)
    }

    /// A command as one line: what a shell was given, or its words.
    public static func line(_ command: [String]) -> String {
        command.count == 3 && command.starts(with: ["/bin/sh", "-c"]) ? command[2] : command.joined(separator: " ")
    }

    static func question(_ asks: HealthQuestion) -> String {
        switch asks {
        case .process: "its process runs"
        case .port(let port): "a connection to port \(port)"
        case .http(let port, let path): "GET \(path) on port \(port)"
        case .command(let command): "command \(line(command).prefix(60))"
        case .engine(let engine, let port): "\(engine.rawValue) on port \(port)"
        }
    }

    private static func pace(_ check: HealthCheck) -> String {
        check.asks == .process ? "" : ", every \(Contract.duration(check.intervalMilliseconds))"
    }

    /// Of a member that is restarted for it, or would be: "answered GET /health with status 500".
    static func clause(_ check: HealthCheck, _ failure: CheckFailure) -> String {
        switch check.asks {
        case .process: "is not checked"
        case .port(let port): "did not answer on port \(port)"
        case .http(let port, let path): http(port, path, failure, check)
        case .engine(_, let port): engine(port, failure, check)
        case .command: command(failure, check)
        }
    }

    /// Which check fails, and how.
    static func complaint(_ role: CheckRole, _ check: HealthCheck, _ failure: CheckFailure) -> String {
        switch role {
        case .liveness: clause(check, failure)
        case .readiness: "is not ready: it \(clause(check, failure))"
        case .writes: writes(failure, check)
        }
    }

    private static func http(_ port: Int, _ path: String, _ failure: CheckFailure, _ check: HealthCheck) -> String {
        switch failure {
        case .status(let status): "answered GET \(path) with status \(status)"
        case .silent: "did not answer GET \(path) on port \(port) within \(limit(check))"
        case .closed: "closed the connection before it answered GET \(path)"
        case .garbled: "answered GET \(path) on port \(port) with something that is not HTTP"
        case .refused, .engine, .exited, .stuck, .unrunnable: "did not answer on port \(port)"
        }
    }

    private static func engine(_ port: Int, _ failure: CheckFailure, _ check: HealthCheck) -> String {
        switch failure {
        case .silent: "took a connection on port \(port), and its engine did not answer within \(limit(check))"
        case .closed: "took a connection on port \(port), and its engine closed it without an answer"
        case .garbled: "answered on port \(port) in another protocol than its engine's"
        case .engine(let words): "answered on port \(port): \(words)"
        case .refused, .status, .exited, .stuck, .unrunnable: "did not answer on port \(port)"
        }
    }

    private static func command(_ failure: CheckFailure, _ check: HealthCheck) -> String {
        switch failure {
        case .exited(let code, let said): "failed its health command with exit code \(code)\(colon(said))"
        case .stuck: "has a health command that does not end though it was killed"
        case .unrunnable(let why): "has a health command that cannot be run: \(why)"
        case .refused, .silent, .closed, .garbled, .status, .engine:
            "did not end its health command within \(limit(check))"
        }
    }

    private static func writes(_ failure: CheckFailure, _ check: HealthCheck) -> String {
        switch failure {
        case .exited(let code, let said): "the write probe failed with exit code \(code)\(colon(said))"
        case .unrunnable(let why): "the write probe cannot be run: \(why)"
        case .refused, .silent, .closed, .garbled, .status, .engine, .stuck:
            "the write probe took longer than \(limit(check)): the disk does not answer"
        }
    }

    private static func colon(_ words: String) -> String { words.isEmpty ? "" : ": \(words)" }

    private static func limit(_ check: HealthCheck) -> String { Contract.duration(check.timeoutMilliseconds) }
}

import FoundryClient
import FoundryModel
import FoundryRules

/// Checks as Cloud Foundry tells them, in whole seconds.
enum HealthShapes {
    static func check(_ check: HealthCheck) -> ProcessAnswer.Check {
        var data = data(check)
        data.timeout = check.startPeriodMilliseconds / 1000
        return .init(type: type(check.asks), data: data)
    }

    /// Without one: `process`, as there.
    static func readiness(_ check: HealthCheck?) -> ProcessAnswer.Check {
        .init(type: check.map { type($0.asks) } ?? "process", data: check.map(data) ?? .init())
    }

    static func type(_ asks: HealthQuestion) -> String {
        switch asks {
        case .process: "process"
        case .port: "port"
        case .http: "http"
        case .command: "command"
        case .engine: "engine"
        }
    }

    private static func data(_ check: HealthCheck) -> ProcessAnswer.CheckData {
        var data = ProcessAnswer.CheckData(
            invocationTimeout: max(1, check.timeoutMilliseconds / 1000),
            interval: max(1, check.intervalMilliseconds / 1000))
        if case .http(_, let path) = check.asks { data.endpoint = path }
        if case .command(let command) = check.asks { data.command = CheckWords.line(command) }
        return data
    }
}

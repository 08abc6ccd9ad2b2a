import ArgumentParser
import FoundryClient

/// How a cell finds out whether the app serves, and whether it is ready to.
struct HealthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            port: a connection is made; http: GET answers 200 to 399; command: a program in it exits with 0; engine: its image's engine \
            answers; process: it runs, no more. What its image says otherwise.
            """, valueName: "type"))
    var healthCheckType: String?

    @Option(help: ArgumentHelp("Of a check of the type http; / otherwise.", valueName: "path"))
    var healthCheckHttpEndpoint: String?

    @Option(help: ArgumentHelp("Of a check of the type command: a line for /bin/sh in the app.", valueName: "line"))
    var healthCheckCommand: String?

    @Option(help: ArgumentHelp("Failures within this time after a start do not count.", valueName: "time"))
    var healthCheckTimeout: String?

    @Option(help: ArgumentHelp("Between two checks.", valueName: "time"))
    var healthCheckInterval: String?

    @Option(help: ArgumentHelp("Within which a check must be answered.", valueName: "time"))
    var healthCheckInvocationTimeout: String?

    @Option(
        help: ArgumentHelp(
            "The same, for whether connections are led to it: while it fails there are none, and nothing is restarted.",
            valueName: "type"))
    var readinessHealthCheckType: String?

    @Option(help: ArgumentHelp("Of a readiness check of the type http.", valueName: "path"))
    var readinessHealthCheckHttpEndpoint: String?

    @Option(help: ArgumentHelp("Of a readiness check of the type command.", valueName: "line"))
    var readinessHealthCheckCommand: String?

    @Option(help: ArgumentHelp("Between two readiness checks.", valueName: "time"))
    var readinessHealthCheckInterval: String?

    @Option(help: ArgumentHelp("Within which a readiness check must be answered.", valueName: "time"))
    var readinessHealthCheckInvocationTimeout: String?

    var liveness: ManifestHealthCheck {
        ManifestHealthCheck(
            type: healthCheckType, httpEndpoint: healthCheckHttpEndpoint, command: healthCheckCommand,
            startPeriod: healthCheckTimeout, interval: healthCheckInterval, timeout: healthCheckInvocationTimeout)
    }

    var readiness: ManifestHealthCheck {
        ManifestHealthCheck(
            type: readinessHealthCheckType, httpEndpoint: readinessHealthCheckHttpEndpoint,
            command: readinessHealthCheckCommand, interval: readinessHealthCheckInterval,
            timeout: readinessHealthCheckInvocationTimeout)
    }
}

import ArgumentParser

/// How a cell finds out whether the app serves.
struct HealthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "port: its port is connected to; process: it is healthy while its process runs.", valueName: "type"))
    var healthType: String?

    @Option(help: ArgumentHelp("Failures within this time after a start do not count.", valueName: "time"))
    var healthStartPeriod: String?

    @Option(help: ArgumentHelp("Between two checks.", valueName: "time"))
    var healthInterval: String?

    @Option(help: ArgumentHelp("Within which a check must be answered.", valueName: "time"))
    var healthTimeout: String?
}

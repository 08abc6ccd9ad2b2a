import ArgumentParser
import FoundryCommandLine

/// What every command takes that begins work which goes on by itself.
struct WaitOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "Stay until it is done.")
    var wait = true

    @Option(help: ArgumentHelp("How long to stay: 90s, 5m.", valueName: "time"))
    var timeout = TimeArgument(.seconds(180))

    /// nil: not waited for.
    var limit: Duration? { wait ? timeout.duration : nil }
}

extension TimeArgument: ExpressibleByArgument {
    public init?(argument: String) { self.init(parsing: argument) }
    public var defaultValueDescription: String { description }
}

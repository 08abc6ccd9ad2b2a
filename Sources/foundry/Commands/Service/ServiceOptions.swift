import ArgumentParser
import FoundryCommandLine

/// What a service instance is asked for beside its plan.
struct ServiceOptions: ParsableArguments {
    @Option(
        name: .customShort("c"),
        help: ArgumentHelp(
            "Parameters: a JSON object, or the file that holds one; - means the standard input.", valueName: "JSON|file"
        ),
        completion: .file())
    var parameters: String?

    @Option(help: ArgumentHelp("A hard limit, of each member: megabytes, or with a unit.", valueName: "size"))
    var memory: String?

    @Option(help: ArgumentHelp("The disk of each member: megabytes, or with a unit, 2G.", valueName: "size"))
    var disk: String?

    @OptionGroup var policy: SharedPolicyOptions

    var arguments: ServiceArguments {
        var arguments = ServiceArguments()
        arguments.parameters = parameters
        arguments.memory = memory
        arguments.disk = disk
        arguments.policy = policy.arguments
        return arguments
    }
}

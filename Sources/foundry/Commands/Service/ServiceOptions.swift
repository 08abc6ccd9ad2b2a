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

    @OptionGroup var policy: ServicePolicyOptions

    var arguments: ServiceArguments {
        var arguments = ServiceArguments()
        arguments.parameters = parameters
        arguments.memory = memory
        arguments.disk = disk
        arguments.policy = policy.arguments
        return arguments
    }
}

/// The words of a service's contract, over those of its plan.
struct ServicePolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What may happen when its machine is lost: consistent never risks two copies, available may.",
            valueName: "policy"))
    var restartPolicy: String?

    @Option(
        help: ArgumentHelp(
            "When a write is on its disk: immediate, at once; normal, when the engine syncs; defer:MS, up to MS later.",
            valueName: "sync"))
    var diskSync: String?

    @Option(help: ArgumentHelp("How fast its disk may go: low, medium, high, max.", valueName: "class"))
    var ioPerformance: String?

    @Option(
        help: ArgumentHelp(
            "The least evidence that its machine is off before another copy starts: session, power, person.",
            valueName: "level"))
    var fence: String?

    @Option(
        help: ArgumentHelp(
            "When no copy is left: wait for its machine, or begin anew, empty (for caches).", valueName: "what"))
    var whenLost: String?

    var arguments: PolicyArguments {
        var arguments = PolicyArguments()
        arguments.restartPolicy = restartPolicy
        arguments.diskSync = diskSync
        arguments.ioPerformance = ioPerformance
        arguments.fence = fence
        arguments.whenLost = whenLost
        return arguments
    }
}

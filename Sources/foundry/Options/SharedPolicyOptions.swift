import ArgumentParser
import FoundryCommandLine

/// The words of a contract that apps and services have in common.
struct SharedPolicyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What may happen when its machine is lost: consistent never risks two copies, available may.",
            valueName: "policy"))
    var restartPolicy: String?

    @Option(
        help: ArgumentHelp(
            "When a write is on its disk: immediate, at once; normal, when the program syncs; defer:MS, up to MS later.",
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

import ArgumentParser
import FoundryCommandLine

/// The words of an app's contract.
struct PolicyOptions: ParsableArguments {
    @OptionGroup var shared: SharedPolicyOptions

    @Option(
        help: ArgumentHelp(
            "reorder: with --disk-sync defer, its data survives that a power cut keeps later writes without earlier ones.",
            valueName: "damage"))
    var tolerates: String?

    var arguments: PolicyArguments {
        var arguments = shared.arguments
        arguments.tolerates = tolerates
        return arguments
    }
}

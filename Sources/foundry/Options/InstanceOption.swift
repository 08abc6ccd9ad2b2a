import ArgumentParser
import FoundryRules

/// For what concerns one member of an app.
struct InstanceOption: ParsableArguments {
    @Option(help: ArgumentHelp("Which one of an app that has several instances.", valueName: "number"))
    var instance: Int?

    func validate() throws {
        if let instance, !MemberChoice.numbers.contains(instance) {
            throw ValidationError(
                "--instance takes \(MemberChoice.numbers.lowerBound) to \(MemberChoice.numbers.upperBound).")
        }
    }
}

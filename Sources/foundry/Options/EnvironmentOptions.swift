import ArgumentParser
import FoundryCommandLine
import FoundryModel

/// Variables for an app.
struct EnvironmentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A variable; may be repeated. NAME alone takes the value from this shell. Everybody on the machine can read arguments: give secrets by --env-file.",
            valueName: "NAME=value"))
    var env: [String] = []

    @Option(
        help: ArgumentHelp(
            "A file of lines NAME=value; - means the standard input. May be repeated.", valueName: "file"),
        completion: .file())
    var envFile: [String] = []

    @Option(help: ArgumentHelp("A variable that the app shall not have any more; may be repeated.", valueName: "NAME"))
    var unsetEnv: [String] = []

    func variables() throws(FoundryError) -> [String: String] {
        var files: [(name: String, text: String)] = []
        for name in envFile {
            files.append((name, try InputFile.text(of: name, limit: EnvironmentArguments.longestFileBytes)))
        }
        return try EnvironmentArguments.parse(env, files: files, own: Terminal.variable)
    }
}

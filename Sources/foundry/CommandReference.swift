import ArgumentParser

/// The reference of the command line, written from what `--help` says.
enum CommandReference {
    static var text: String {
        var lines = [
            "# The command line", "",
            "Written by `foundry reference`; a test compares it with what `--help` says.", "",
            "Every command answers in tables for people, and with `--output json` in one JSON document (one a line with `--follow`) whose keys",
            "are those of [the API](api.md). Results go to the standard output, everything else to the standard error. An error is there, too:",
            "", "```", "error[app_not_found]: No app is called 'dmo'.", "hint: did you mean demo?", "```", "",
            "and with `--output json`: `{\"error\":{\"code\":\"app_not_found\",\"hint\":\"did you mean demo?\",\"message\":\"No app is called 'dmo'.\"}}`.",
            "The codes, and the exit code of each, are in [errors](errors.md).", "",
            "The commands of this user talk to the platform that is `current` in `$FOUNDRY_HOME/config.json`, or `~/.config/foundry/config.json`",
            "(mode 0600; `foundry up` writes it), or to that of `--target`. Colour is used on a terminal only, and never with `NO_COLOR` set.", "",
        ]
        lines += section(Foundry.self, title: "foundry")
        for group in Foundry.configuration.groupedSubcommands {
            let visible = group.subcommands.filter { $0.configuration.shouldDisplay }
            for command in visible { lines += section(command, title: "foundry \(command._commandName)") }
        }
        return lines.joined(separator: "\n")
    }

    private static func section(_ command: any ParsableCommand.Type, title: String) -> [String] {
        let help = Foundry.helpMessage(for: command, columns: 110)
        return ["## \(title)", "", "```", help, "```", ""]
    }
}

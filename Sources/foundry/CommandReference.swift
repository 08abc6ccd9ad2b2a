import ArgumentParser

/// The reference of the command line, written from what `--help` says.
enum CommandReference {
    static var text: String {
        let commands = Foundry.configuration.groupedSubcommands.flatMap(\.subcommands).filter {
            $0.configuration.shouldDisplay
        }
        let all =
            section(Foundry.self, title: "foundry")
            + commands.flatMap { command in
                sections(command, title: "foundry \(command._commandName)")
            }
        return introduction + all.joined(separator: "\n")
    }

    /// The command's, and those of the commands below it.
    private static func sections(_ command: any ParsableCommand.Type, title: String) -> [String] {
        section(command, title: title)
            + command.configuration.subcommands.flatMap { sections($0, title: "\(title) \($0._commandName)") }
    }

    private static func section(_ command: any ParsableCommand.Type, title: String) -> [String] {
        ["## \(title)", "", "```", Foundry.helpMessage(for: command, columns: 130), "```", ""]
    }

    private static let introduction = """
        # The command line

        Written by `foundry reference > docs/reference/cli.md`; a test compares it with what `--help` says.

        Results go to the standard output, everything else (progress, questions, errors) to the standard error. Colour is used on a terminal
        only, and never with `NO_COLOR` set. Tables are cut to a terminal's width, and never elsewhere.

        Commands talk to the platform that is `current` in `$FOUNDRY_HOME/config.json`, or `~/.config/foundry/config.json` (mode 0600;
        `foundry up` writes it), or to that of `--target`. One that is refused a connection tries again for half a second: a server that was
        killed is back by then.

        ## Answers for programs

        With `--output json` a command answers in one JSON document, or in one a line with `--follow` and for `logs`. Keys are those of
        [the API](api.md); new ones may come, none goes.

        | command | document |
        |---|---|
        | `apps`, `volumes`, `events` | `{"resources":[…]}` of `GET /foundry/v1/apps`, `/volumes`, `/events` |
        | `app`, `start`, `stop`, `restart`, `scale` | the app, as `GET /foundry/v1/apps/:guid` |
        | `token create`, `token ls` | the token, as `POST /foundry/v1/tokens`; `{"resources":[…]}` |
        | `log-drain add`, `log-drain rm`, `log-drain ls` | the drain, as `POST /foundry/v1/apps/:guid/log-drains`; `{"resources":[…]}` |
        | `audit` | `{"resources":[…]}` of `GET /foundry/v1/audit` |
        | `top` | `{"resources":[…]}` of `GET /foundry/v1/usage`, once |
        | `logs`, `events --follow` | one line or event on each line |
        | `push` | `{"state":"complete","job":guid,"applications":[{"plan":…,"app":…}]}`; state `processing`: not waited for, `unchanged`: it was so |
        | `delete` | `{"app":guid,"name":…,"is_gone":true,"volume":…}`; the volume as it is now, left out when it is gone |
        | `credentials` | `{"host":…,"port":…,"user":…,"dbname":…}`, and `password` with `--show-password` |
        | `credentials --pg-service` | `{"path":…,"service":…}` |
        | `images`, `image ls` | `{"images":[…],"aliases":[…]}` |
        | `image pull`, `image import`, `image build` | `{"image":…,"layers":[…]}` |
        | `image rm` | `{"name":…,"digest":…,"freed":bytes}` |
        | `why` | `{"guid":…,"name":…,"lines":[{"text":…,"hint":…}]}` |
        | `version` | `{"version":…}` |

        ## Errors

        ```
        error[app_not_found]: No app is called 'dmo'.
        hint: did you mean demo?
        ```

        and with `--output json`, in one line: `{"error":{"code":"app_not_found","hint":"did you mean demo?","message":"No app is called 'dmo'."}}`.
        Every code and its exit code stand in [errors](errors.md): 0 done, 2 usage, 3 not found, 4 refused, 5 not ready, 6 the platform failed,
        7 not signed in.


        """
}

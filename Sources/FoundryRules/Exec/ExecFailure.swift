import FoundryModel

/// Why a command in a member came to nothing, in our words.
public enum ExecFailure {
    private static let longestWord = 80

    /// - Parameter words: what runc said.
    /// - Parameter program: the command's first word.
    public static func start(_ words: String, program: String, member: String) -> FoundryError {
        let name = program.prefix(longestWord)
        if says(words, ["permission denied", "exec format error", "is a directory"]) {
            return FoundryError(
                .programNotExecutable, "\(member) has '\(name)', and cannot run it.",
                hint: "is it a program, for this kind of machine, and may the member's user execute it?")
        }
        if says(words, ["executable file not found", "no such file or directory"]) {
            return FoundryError(
                .programNotFound, "\(member) has no program '\(name)'.",
                hint: "an image has few programs; is there a shell? foundry exec \(app(of: member)) --tty -- sh")
        }
        if says(words, ["stopped container", "container not running", "does not exist", "no such process"]) {
            return stopped(member)
        }
        return FoundryError(
            .commandFailed, "The command could not be started in \(member).", detail: String(words.prefix(800)),
            hint: "foundry doctor")
    }

    /// The member's process ended, and with it all others in it.
    public static func stopped(_ member: String) -> FoundryError {
        FoundryError(
            .execBroken, "\(member) stopped, and the command with it.", hint: "foundry why \(app(of: member))")
    }

    public static let cellGone = FoundryError(
        .execBroken, "The cell went away, and the command is ended.", hint: "foundry status")

    public static let platformStops = FoundryError(
        .execBroken, "The platform is stopping, and the command is ended.", hint: "foundry status")

    /// `demo`, of `demo/0`
    public static func app(of member: String) -> Substring { member.prefix { $0 != "/" } }

    private static func says(_ words: String, _ signs: [String]) -> Bool { signs.contains { words.contains($0) } }
}

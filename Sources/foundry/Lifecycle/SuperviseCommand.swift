import ArgumentParser
import FoundryEffects
import FoundryModel
import FoundrySupervisor

#if canImport(Glibc)
import Glibc
#endif

/// The supervisor's process.
struct SuperviseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise", abstract: "Keep the platform's daemons alive.", discussion: "`foundry up` starts it.",
        shouldDisplay: false)

    @OptionGroup var place: DataOptions

    @Flag(help: "Somebody else starts it again when it dies.")
    var foreground = false

    func run() throws {
        try DataOptions.requireRoot()
        let paths = try place.paths()
        try RunDirectory.prepare(paths)
        let words = ["--data", paths.data] + (foreground ? ["--foreground"] : [])
        MountNamespace(pin: paths.mountNamespace).goHome(command: [ProgramPath.ownExecutable, "supervise"] + words)
        do throws(FoundryError) {
            try Supervisor.run(paths, daemons: Daemon.all(paths), isForeground: foreground)
        } catch {
            // Several daemons may have seen the last supervisor die; one new one is enough.
            if error.code != .alreadyRunning { throw error }
        }
    }

    /// Lets this process go on as the supervisor, under the same number, and as small as if it had been started as one.
    static func become(_ words: [String]) throws(FoundryError) -> FoundryError {
        let arguments = [ProgramPath.ownExecutable, "supervise"] + words
        let pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        execv(ProgramPath.ownExecutable, pointers)
        return FoundryError(
            .commandFailed, "\(ProgramPath.ownExecutable) cannot be run.", detail: String(cString: strerror(errno)))
    }
}

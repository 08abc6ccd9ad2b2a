import FoundryEffects
import FoundrySupervisor
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A supervisor over a list of trivial daemons, and daemons for it: what `foundry supervise` and the daemons do, without the platform.
@main
enum Fixture {
    struct Plan: Codable {
        var data: String
        var instance: String
        var daemons: [Daemon]
        var limits: SupervisorLimits
    }

    static func main() throws {
        let words = CommandLine.arguments
        guard words.count > 2, let bytes = FileManager.default.contents(atPath: words[2]) else { exit(64) }
        let plan = try JSONDecoder().decode(Plan.self, from: bytes)
        let paths = Paths(data: plan.data, instance: plan.instance)
        let supervise = [ProgramPath.ownExecutable, "supervise", words[2]]
        switch words[1] {
        case "supervise":
            try RunDirectory.prepare(paths)
            MountNamespace(pin: paths.mountNamespace).goHome(command: supervise)
            try Supervisor.run(
                paths, daemons: plan.daemons, isForeground: words.contains("--foreground"), limits: plan.limits)
        case "watch":
            SupervisorWatch.start(paths: paths, command: supervise, limits: plan.limits)
            while true { pause() }
        case "cell":
            SupervisorWatch.start(paths: paths, command: supervise, limits: plan.limits)
            // A member takes a moment to stop.
            if access(paths.downMarker, F_OK) == 0 { exit(0) }
            signal(SIGUSR1) { _ in _exit(0) }
            while true { pause() }
        default: exit(64)
        }
    }
}

import CFoundryLinux

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Named places at which a test ends this process the hard way.
///
/// Active only when `FOUNDRY_KILL_POINTS` names a directory at start: reaching a point whose file lies there removes the file and ends the process by
/// SIGKILL. So each armed point kills once, and the files that are left are the points that were not reached.
public enum KillPoints {
    private static let directory: String? = ProcessInfo.processInfo.environment["FOUNDRY_KILL_POINTS"]

    /// Whether this is a run that dies at many places.
    public static var areWatched: Bool { directory != nil }

    public static func reach(_ name: @autoclosure () -> String) {
        guard let directory else { return }
        if foundry_unlink("\(directory)/\(name())") == 0 { foundry_kill_self() }
    }
}

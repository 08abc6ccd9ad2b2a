import FoundrySupervisor
import SystemPackage

/// Where a user's own key lies, and the keys of others that are trusted: beside the configuration of the command line.
public enum ReleaseHome {
    public static var key: String { file("release.key") }
    public static var trustedAuthors: String { file("trusted-authors") }

    private static func file(_ name: String) -> String {
        FilePath(UserConfiguration.path()).removingLastComponent().appending(name).string
    }
}

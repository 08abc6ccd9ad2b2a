import FoundrySupervisor

/// Where this user keeps the key to sign with, and the keys that are trusted: beside the command line's configuration.
public enum ReleaseHome {
    public static func key() -> String { "\(directory)/release.key" }
    public static func authors() -> String { "\(directory)/trusted-authors" }

    private static var directory: String {
        let path = UserConfiguration.path()
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}

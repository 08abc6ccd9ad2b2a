import FoundryClient
import FoundryModel
import FoundrySupervisor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Finds out which platform a command talks to.
public enum TargetSelection {
    /// Reads the user's configuration and takes the named target, or the current one.
    ///
    /// - Throws: `not_running` when this user knows no platform yet; `not_found` for a name that is none;
    ///   `configuration_invalid` when others can read the file, which holds a token.
    public static func load(
        named name: String?, path: String = UserConfiguration.path()
    ) throws(FoundryError) -> APITarget {
        try refuseReadableByOthers(path)
        return try choose(named: name, from: try UserConfiguration.load(path))
    }

    static func choose(named name: String?, from configuration: UserConfiguration) throws(FoundryError) -> APITarget {
        let target: UserConfiguration.Target?
        if let name {
            target = configuration.targets[name]
            guard target != nil else { throw unknown(name, configuration) }
        } else {
            target = configuration.currentTarget
        }
        guard let target else {
            throw FoundryError(.notRunning, "No platform is running for this user.", hint: "foundry up")
        }
        return APITarget(url: target.url, authorities: target.ca, token: target.token)
    }

    private static func unknown(_ name: String, _ configuration: UserConfiguration) -> FoundryError {
        let known = configuration.targets.keys.sorted()
        let nearest = NearestName.find(name, among: known)
        return FoundryError(
            .notFound, "No platform is called '\(name)'.",
            hint: nearest.map { "did you mean --target \($0)?" }
                ?? (known.isEmpty ? "foundry up" : "you have: \(known.joined(separator: ", "))"))
    }

    private static func refuseReadableByOthers(_ path: String) throws(FoundryError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return }
        throw FoundryError(
            .configurationInvalid, "\(path) holds a token, and others than its owner may read it.",
            hint: "chmod 600 \(path)")
    }
}

import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Lets the user's command line know an installation.
public enum UserTarget {
    /// Adds or mends the target; it becomes the current one when it is new, or when there is none.
    ///
    /// - Throws: `configuration_invalid`.
    public static func add(_ installation: Installation, path: String = UserConfiguration.path()) throws(FoundryError) {
        let paths = installation.paths
        let keys = try InstallationKeys.read(paths)
        let known = try UserConfiguration.load(path)
        var user = known
        user.targets[paths.instance] = .init(
            url: "https://127.0.0.1:\(installation.configuration.apiPort)", ca: keys.authority, token: keys.token)
        if installation.isNew || user.currentTarget == nil { user.current = paths.instance }
        if user != known { try user.save(path) }
    }

    /// Takes it away; another one becomes the current one where there is only one left.
    public static func remove(instance: String, path: String = UserConfiguration.path()) throws(FoundryError) {
        var user = try UserConfiguration.load(path)
        guard user.targets.removeValue(forKey: instance) != nil else { return }
        if user.current == instance { user.current = user.targets.count == 1 ? user.targets.keys.first : nil }
        try user.save(path)
    }
}

import FoundryEffects
import FoundryModel

/// What a client of an installation needs, read from its data directory.
public struct InstallationKeys: Hashable, Sendable {
    /// The certificate of its own authority, in PEM.
    public let authority: String
    public let token: String

    /// - Throws: `configuration_invalid` when they cannot be read.
    public static func read(_ paths: Paths) throws(FoundryError) -> Self {
        guard let authority = ProcFile.read(paths.authority), let token = ProcFile.line(paths.token) else {
            throw FoundryError(
                .configurationInvalid, "The keys of \(paths.data) cannot be read.",
                hint: "run it as root, or `foundry up` makes them")
        }
        return Self(authority: authority, token: token)
    }
}

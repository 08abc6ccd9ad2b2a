/// The names that the platform itself gives to a release's templates, credentials and verbs.
///
/// - Source: docs/reference/release.md, "Templates".
public enum ServiceNames {
    /// In templates and in credentials.
    public static let everywhere: Set<String> = [
        "instance", "plan", "offering", "members", "memory_mb", "disk_mb", "cpu_millicores", "disk_sync",
        "disk_defer_ms", "tls", "tls_ca",
    ]
    /// Of one member: in its templates.
    public static let ofMember: Set<String> = ["member_index", "member_name", "member_address", "founded", "peers"]
    /// In credentials.
    public static let ofBinding: Set<String> = ["host", "port", "binding"]
    /// In credentials of a release that has users.
    public static let ofUser: Set<String> = ["user", "password"]

    public static let lists: Set<String> = ["peers"]
    /// Within `peers`.
    public static let ofPeer: Set<String> = ["index", "name", "address", "is_self", "is_last"]

    /// What no parameter, constant or secret of a release may be called; each would hide, or be hidden by, one of ours: in a template, or
    /// as a variable `FOUNDRY_NAME`.
    public static func isTaken(_ name: String) -> Bool {
        everywhere.contains(name) || ofMember.contains(name) || ofBinding.contains(name) || ofUser.contains(name)
            || ofPeer.contains(name) || ["secrets", "data"].contains(name) || name.hasPrefix("binding_")
            || name.hasPrefix("credential_")
    }
}

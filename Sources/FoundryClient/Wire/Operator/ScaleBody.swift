/// How much room an app shall have, as texts that `push` takes; what is left out stays.
struct ScaleBody: Hashable, Sendable, Codable {
    var memory: String?
    var cpu: String?
    var disk: String?
    /// Its members may be restarted for it.
    var restart: Bool
}

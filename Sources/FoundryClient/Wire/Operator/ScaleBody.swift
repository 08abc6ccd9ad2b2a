/// How many members an app shall have, and how much room each, as texts that `push` takes; what is left out stays.
public struct ScaleBody: Hashable, Sendable, Codable {
    public var instances: Int?
    public var memory: String?
    public var cpu: String?
    public var disk: String?
    /// Its members may be restarted for it.
    public var restart: Bool

    public init(
        instances: Int? = nil, memory: String? = nil, cpu: String? = nil, disk: String? = nil, restart: Bool = false
    ) {
        self.instances = instances
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
        self.restart = restart
    }

    /// Nothing is asked for but what is there.
    public var isEmpty: Bool { instances == nil && memory == nil && cpu == nil && disk == nil }
}

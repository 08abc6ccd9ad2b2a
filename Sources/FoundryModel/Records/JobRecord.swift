/// One long piece of work that a client can wait for.
public struct JobRecord: Hashable, Sendable, Codable {
    public var id: JobID
    public var operation: JobOperation
    public var app: AppID
    public var appName: AppName
    /// The app's generation that it waits for.
    public var generation: Int
    public var state: JobState
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// That it takes or removes, or that a volume is made from.
    public var snapshot: SnapshotID?
    /// That it makes, or brings back.
    public var volume: VolumeID?
    public var instance: ServiceInstanceID?
    public var binding: BindingID?

    public init(
        id: JobID, operation: JobOperation, app: AppID, appName: AppName, generation: Int, state: JobState,
        createdAt: Timestamp,
        updatedAt: Timestamp, snapshot: SnapshotID? = nil, volume: VolumeID? = nil,
        instance: ServiceInstanceID? = nil, binding: BindingID? = nil
    ) {
        self.id = id
        self.operation = operation
        self.app = app
        self.appName = appName
        self.generation = generation
        self.state = state
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.snapshot = snapshot
        self.volume = volume
        self.instance = instance
        self.binding = binding
    }
}

/// What a job does; the raw values are Cloud Foundry's where it has the thing.
public enum JobOperation: String, Hashable, Sendable, Codable {
    case applyManifest = "space.apply_manifest"
    case start = "app.start"
    case stop = "app.stop"
    case restart = "app.restart"
    case delete = "app.delete"
    case scale = "app.scale"
    case snapshot = "app.snapshot"
    case removeSnapshot = "app.remove_snapshot"
    case clone = "app.clone"
    case rewind = "app.rewind"
    case removeVolume = "volume.remove"
    case createService = "service_instance.create"
    case updateService = "service_instance.update"
    case deleteService = "service_instance.delete"
    case createBinding = "service_bindings.create"
    case deleteBinding = "service_bindings.delete"
}

public enum JobState: Hashable, Sendable, Codable {
    case processing
    case complete
    case failed(FoundryError)
}

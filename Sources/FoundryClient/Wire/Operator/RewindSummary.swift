/// What `POST /foundry/v1/apps/:guid/clones` takes.
public struct CloneBody: Hashable, Sendable, Codable {
    /// Of the new app.
    public var name: String
    /// The guid of one of the source app's; nil: one is taken for it, and removed after.
    public var snapshot: String?
    /// The number of the member that it is a clone of; nil: of the snapshot's, or of the only one.
    public var instance: Int?
    /// Of its route; nil: the lowest free one.
    public var port: Int?

    public init(name: String, snapshot: String? = nil, instance: Int? = nil, port: Int? = nil) {
        self.name = name
        self.snapshot = snapshot
        self.instance = instance
        self.port = port
    }
}

/// What a clone will be.
public struct CloneSummary: Hashable, Sendable, Codable {
    /// Of the new app.
    public var guid: String
    public var name: String
    /// The guid of the app that it is cloned from.
    public var source: String
    /// The guid of the snapshot that its disk begins as.
    public var snapshot: String?
    /// The guid of its volume.
    public var volume: String
    /// Of its route; nil: it has none.
    public var port: Int?
    /// There was such a clone already.
    public var isUnchanged: Bool

    public init(
        guid: String, name: String, source: String, snapshot: String?, volume: String, port: Int?, isUnchanged: Bool
    ) {
        self.guid = guid
        self.name = name
        self.source = source
        self.snapshot = snapshot
        self.volume = volume
        self.port = port
        self.isUnchanged = isUnchanged
    }
}

/// What `POST /foundry/v1/apps/:guid/rewinds` takes: one of `snapshot` and `copy`.
public struct RewindBody: Hashable, Sendable, Codable {
    /// The guid of one of the app's.
    public var snapshot: String?
    /// The guid of a volume that was kept when the app was rewound.
    public var copy: String?
    /// The guid of the volume that the app is believed to have: asked again after it was rewound, nothing more happens.
    public var insteadOf: String?

    public init(snapshot: String? = nil, copy: String? = nil, insteadOf: String? = nil) {
        self.snapshot = snapshot
        self.copy = copy
        self.insteadOf = insteadOf
    }
}

/// What an app's disk will be.
public struct RewindSummary: Hashable, Sendable, Codable {
    /// The app's guid.
    public var app: String
    /// The guid of the volume that it will have.
    public var volume: String
    /// The guid of the one that it has until then, which is kept.
    public var replaces: String
    /// It is on its way already, or done.
    public var isUnchanged: Bool

    public init(app: String, volume: String, replaces: String, isUnchanged: Bool) {
        self.app = app
        self.volume = volume
        self.replaces = replaces
        self.isUnchanged = isUnchanged
    }
}

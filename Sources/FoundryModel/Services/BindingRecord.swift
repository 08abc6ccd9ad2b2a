/// What an app, or a person, reaches an instance with.
public struct BindingRecord: Hashable, Sendable, Codable {
    public var id: BindingID
    public var instance: ServiceInstanceID
    /// nil: a key, or a binding of a broker's client.
    public var app: AppID?
    /// Of a key; of an app's binding its own name, if it has one.
    public var name: String?
    /// In the engine, `b` and 20 letters and digits; nil where the release has no users.
    public var user: String?
    public var password: Secret?
    public var parameters: [String: ParameterValue]
    public var state: BindingState
    /// The branch of the volume in which the user was made: on another one, after a rewind, it is made again.
    public var appliedTo: BindingPlace?
    /// It took the place of this one.
    public var predecessor: BindingID?
    /// It is unbound then, since another took its place; nil: it stays.
    public var retiresAt: Timestamp?
    public var job: JobID
    public var origin: ServiceOrigin
    public var labels: [String: String]
    public var annotations: [String: String]
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: BindingID, instance: ServiceInstanceID, app: AppID? = nil, name: String? = nil, user: String? = nil,
        password: Secret? = nil, parameters: [String: ParameterValue] = [:], state: BindingState,
        appliedTo: BindingPlace? = nil, predecessor: BindingID? = nil, retiresAt: Timestamp? = nil, job: JobID,
        origin: ServiceOrigin, labels: [String: String] = [:], annotations: [String: String] = [:],
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.instance = instance
        self.app = app
        self.name = name
        self.user = user
        self.password = password
        self.parameters = parameters
        self.state = state
        self.appliedTo = appliedTo
        self.predecessor = predecessor
        self.retiresAt = retiresAt
        self.job = job
        self.origin = origin
        self.labels = labels
        self.annotations = annotations
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public enum BindingState: Hashable, Sendable, Codable {
    /// The verb is ordered; it runs in a member until it succeeded.
    case binding(VerbID)
    case bound
    /// It can be used where its user is; the verb runs again in data that may not have it.
    case renewing(VerbID)
    /// Nobody can use it; it waits to be removed.
    case failed(FoundryError)
    case unbinding(VerbID)
    /// Nobody sees it any more. A rewind may bring its user back, who is removed again then.
    case revoked
}

/// The data in which something was done: another branch of it may not have it.
public struct BindingPlace: Hashable, Sendable, Codable {
    public var volume: VolumeID
    public var branch: Int
    /// Of the store that said that it was done; nil: it was never restored. What was done after a backup is not in the records that come from it.
    public var generation: UInt16?

    public init(volume: VolumeID, branch: Int, generation: UInt16? = nil) {
        self.volume = volume
        self.branch = branch
        self.generation = generation
    }
}

/// A name and a password with which a client uses the broker. The password is not kept: only what it hashes to.
public struct BrokerCredentialRecord: Hashable, Sendable, Codable {
    public var name: TokenName
    /// SHA-256 of the password, in hexadecimal digits. It has 256 random bits, so nobody finds it by trying.
    public var hash: String
    public var createdAt: Timestamp
    /// By the token of that name.
    public var createdBy: String

    public init(name: TokenName, hash: String, createdAt: Timestamp, createdBy: String) {
        self.name = name
        self.hash = hash
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

extension BindingRecord {
    /// Which runs for it; nil: none.
    public var verb: VerbID? {
        switch state {
        case .binding(let verb), .renewing(let verb), .unbinding(let verb): verb
        case .bound, .failed, .revoked: nil
        }
    }
}

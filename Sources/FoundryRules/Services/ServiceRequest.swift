import FoundryModel

/// A service that somebody asks for.
public struct ProvisionRequest: Sendable {
    /// nil: a fresh one.
    public var id: ServiceInstanceID?
    /// nil: made of the offering and the id.
    public var name: String?
    public var plan: PlanID
    public var parameters: [String: ParameterValue]
    public var wishes: ServiceWishes
    public var origin: ServiceOrigin
    public var labels: [String: String]
    public var annotations: [String: String]
    /// Made beforehand, where the release has TLS.
    public var certificate: ServiceCertificate?

    public init(
        id: ServiceInstanceID? = nil, name: String? = nil, plan: PlanID, parameters: [String: ParameterValue] = [:],
        wishes: ServiceWishes = ServiceWishes(), origin: ServiceOrigin, labels: [String: String] = [:],
        annotations: [String: String] = [:], certificate: ServiceCertificate? = nil
    ) {
        self.id = id
        self.name = name
        self.plan = plan
        self.parameters = parameters
        self.wishes = wishes
        self.origin = origin
        self.labels = labels
        self.annotations = annotations
        self.certificate = certificate
    }
}

/// What shall be otherwise of an instance; nil: as it is.
public struct ServiceUpdateRequest: Sendable {
    public var plan: PlanID?
    /// Over those that were given before, each by itself.
    public var parameters: [String: ParameterValue]
    public var wishes: ServiceWishes
    /// To this version of its release.
    public var version: ReleaseVersion?
    public var by: String

    public init(
        plan: PlanID? = nil, parameters: [String: ParameterValue] = [:], wishes: ServiceWishes = ServiceWishes(),
        version: ReleaseVersion? = nil, by: String
    ) {
        self.plan = plan
        self.parameters = parameters
        self.wishes = wishes
        self.version = version
        self.by = by
    }
}

/// What a request for an instance, or a binding, comes to.
public struct ServiceAnswer<Subject: Sendable>: Sendable {
    public enum Standing: Sendable {
        /// It is begun with this request.
        case begun
        /// The same was asked for before, and is still being done.
        case inProgress
        /// It is as it was asked for.
        case done
    }

    public var subject: Subject
    public var standing: Standing
    /// That tells when it is done.
    public var job: JobID
    /// Of a new instance, or of what an update adds to it.
    public var contract: [ContractSentence] = []
    public var changes: [SpecChange] = []
    /// Its members are made anew for it, one after the other.
    public var restarts = false
    public var writes: [RecordWrite] = []
    /// Of the store transaction: `service.create`, ...
    public var transactionName: String
}

/// A binding that somebody asks for.
public struct BindRequest: Sendable {
    /// nil: a fresh one.
    public var id: BindingID?
    public var instance: ServiceInstanceID
    public var app: AppID?
    public var name: String?
    public var parameters: [String: ParameterValue]
    /// That it takes the place of.
    public var predecessor: BindingID?
    /// The predecessor is unbound so long after; nil: it stays.
    public var overlapMilliseconds: Int64?
    public var origin: ServiceOrigin
    public var labels: [String: String]
    public var annotations: [String: String]

    public init(
        id: BindingID? = nil, instance: ServiceInstanceID, app: AppID? = nil, name: String? = nil,
        parameters: [String: ParameterValue] = [:], predecessor: BindingID? = nil, overlapMilliseconds: Int64? = nil,
        origin: ServiceOrigin, labels: [String: String] = [:], annotations: [String: String] = [:]
    ) {
        self.id = id
        self.instance = instance
        self.app = app
        self.name = name
        self.parameters = parameters
        self.predecessor = predecessor
        self.overlapMilliseconds = overlapMilliseconds
        self.origin = origin
        self.labels = labels
        self.annotations = annotations
    }
}

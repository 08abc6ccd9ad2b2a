/// A version of a release that is installed. The newest one that is current is the offering.
public struct ReleaseRecord: Hashable, Sendable, Codable {
    public var manifest: ReleaseManifest
    /// The same through all versions of a name.
    public var offering: OfferingID
    /// By plan; a plan keeps its id through all versions.
    public var plans: [String: PlanID]
    /// With the release's verbs and templates in its last layer.
    public var image: ResolvedImage
    /// Of its checksums: `sha256:...`.
    public var digest: String
    /// Fingerprint of the key that signed it; nil: nobody did, and the installer said that that is well.
    public var signer: String?
    /// What `create-service` makes; others are there for the instances that still run them.
    public var isCurrent: Bool
    public var installedAt: Timestamp
    /// By the token of that name.
    public var installedBy: String

    public init(
        manifest: ReleaseManifest, offering: OfferingID, plans: [String: PlanID], image: ResolvedImage, digest: String,
        signer: String?, isCurrent: Bool, installedAt: Timestamp, installedBy: String
    ) {
        self.manifest = manifest
        self.offering = offering
        self.plans = plans
        self.image = image
        self.digest = digest
        self.signer = signer
        self.isCurrent = isCurrent
        self.installedAt = installedAt
        self.installedBy = installedBy
    }

    public var id: ReleaseID { ReleaseID(name: manifest.name, version: manifest.version) }

    public func plan(_ id: PlanID) -> ReleasePlan? {
        plans.first { $0.value == id }.flatMap { manifest.plan(named: $0.key) }
    }
}

/// `postgresql/15.1.0`
public struct ReleaseID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public var name: AppName
    public var version: ReleaseVersion

    public init(name: AppName, version: ReleaseVersion) {
        self.name = name
        self.version = version
    }

    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let name = AppName(parts[0]), let version = ReleaseVersion(parts[1]) else { return nil }
        self.init(name: name, version: version)
    }

    public var description: String { "\(name)/\(version)" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.name, left.version) < (right.name, right.version)
    }
}

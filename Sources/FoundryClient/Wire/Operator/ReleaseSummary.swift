import FoundryModel

/// A version of a release that is installed: one of `GET /foundry/v1/releases`.
public struct ReleaseSummary: Hashable, Sendable, Codable {
    public var name: String
    public var version: String
    public var title: String
    public var description: String
    public var documentation: String?
    public var tags: [String]
    /// What new instances get.
    public var isCurrent: Bool
    /// Of the offering; the same through all versions.
    public var offeringGuid: String
    /// Of its checksums: `sha256:...`
    public var digest: String
    /// Fingerprint of the key that signed it.
    public var signer: String?
    public var image: ImageName
    public var hasUsers: Bool
    public var hasTls: Bool
    public var plans: [ReleasePlanSummary]
    public var parameters: [ParameterSummary]
    /// Of a binding.
    public var bindingParameters: [ParameterSummary]
    /// Names of those that run this version, sorted.
    public var instances: [String]
    public var installedAt: WireTime
    public var installedBy: String

    public init(
        name: String, version: String, title: String, description: String, documentation: String?, tags: [String],
        isCurrent: Bool, offeringGuid: String, digest: String, signer: String?, image: ImageName, hasUsers: Bool,
        hasTls: Bool, plans: [ReleasePlanSummary], parameters: [ParameterSummary],
        bindingParameters: [ParameterSummary], instances: [String], installedAt: WireTime, installedBy: String
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.description = description
        self.documentation = documentation
        self.tags = tags
        self.isCurrent = isCurrent
        self.offeringGuid = offeringGuid
        self.digest = digest
        self.signer = signer
        self.image = image
        self.hasUsers = hasUsers
        self.hasTls = hasTls
        self.plans = plans
        self.parameters = parameters
        self.bindingParameters = bindingParameters
        self.instances = instances
        self.installedAt = installedAt
        self.installedBy = installedBy
    }
}

public struct ReleasePlanSummary: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    public var description: String
    public var members: Int
    /// Bytes, of each member.
    public var memory: Int64
    public var cpuMillicores: Int
    /// Bytes, of each member; nil without a disk.
    public var disk: Int64?
    /// Defaults of this plan, by parameter.
    public var parameters: [String: ParameterValue]

    public init(
        guid: String, name: String, description: String, members: Int, memory: Int64, cpuMillicores: Int, disk: Int64?,
        parameters: [String: ParameterValue]
    ) {
        self.guid = guid
        self.name = name
        self.description = description
        self.members = members
        self.memory = memory
        self.cpuMillicores = cpuMillicores
        self.disk = disk
        self.parameters = parameters
    }

    public init(guid: String, _ plan: ReleasePlan) {
        self.init(
            guid: guid, name: plan.name.description, description: plan.description, members: plan.members,
            memory: plan.memory.bytes, cpuMillicores: plan.cpu.count, disk: plan.disk?.bytes,
            parameters: plan.parameters)
    }
}

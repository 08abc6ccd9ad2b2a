import FoundryModel

/// What an app shall be after a push: what the push says, over what the app is. What it leaves out stays; what was left to the image is left to the new
/// one.
struct PushMerge {
    let name: AppName
    let request: PushRequest
    let old: WorkloadSpec
    let image: ResolvedImage

    /// - Throws: what a new app is refused with; `conflict` for what no change can do: another mount path, a smaller disk, a disk that comes or goes.
    func spec() throws(FoundryError) -> WorkloadSpec {
        var spec = old
        // Another spelling of the same image is no change.
        if !isSameImage { spec.image = image }
        if let instances = request.instances { spec.instances = try SpecRule.instances(instances) }
        if let memory = request.memory { spec.memory = try SpecRule.size(memory, "memory", SpecRule.memoryLimits) }
        if let cpu = request.cpu { spec.cpu = try SpecRule.cpu(cpu) }
        spec.environment = try EnvironmentRule.check(
            old.environment.merging(request.environment) { $1 }.filter { !request.unset.contains($0.key) })
        spec.targetPort = try targetPort()
        let policy = policy
        spec.restartPolicy = try PolicyRule.restartPolicy(policy)
        let recovery = try PolicyRule.recovery(policy, spec.restartPolicy)
        (spec.recovery.fence, spec.recovery.whenLost) = (recovery.fence, recovery.whenLost)
        if let disk = old.disk {
            spec.disk = try changed(disk, policy)
        } else {
            spec.ephemeralPaths = try ephemeralPaths()
        }
        spec.health = try health(spec.targetPort)
        spec.readiness = try readiness(spec.targetPort)
        return spec
    }

    private var isSameImage: Bool {
        var spelled = image
        spelled.reference = old.image.reference
        return spelled == old.image
    }

    /// The one that it has, unless it came from the image, and the new one has another.
    private func targetPort() throws(FoundryError) -> Int? {
        let ports = image.configuration.ports
        if request.targetPort != nil { return try SpecRule.targetPort(request, image) }
        let isImages = old.targetPort == old.image.configuration.ports.first
        let isThere = old.targetPort.map(ports.contains) ?? false
        return isImages && !isThere && !ports.isEmpty ? try SpecRule.targetPort(request, image) : old.targetPort
    }

    private var policy: PolicyRequest {
        let said = request.policy
        let tolerated = old.disk?.tolerates.first { !DeferralRule.isTolerated($0, by: old.image) }
        return PolicyRequest(
            restartPolicy: said.restartPolicy ?? old.restartPolicy.rawValue,
            diskSync: said.diskSync ?? old.disk?.sync.description,
            ioPerformance: said.ioPerformance ?? old.disk?.io.rawValue,
            tolerates: said.tolerates ?? tolerated?.rawValue, fence: said.fence ?? old.recovery.fence.rawValue,
            whenLost: said.whenLost ?? old.recovery.whenLost.rawValue)
    }

    private func changed(_ disk: DiskSpec, _ policy: PolicyRequest) throws(FoundryError) -> DiskSpec? {
        guard !request.ephemeral else {
            throw FoundryError(
                .conflict, "\(name) has a disk, and a push does not take it away.",
                hint: "another name, or `foundry delete \(name)` first")
        }
        var next = disk
        if let text = request.disk { next.size = try SpecRule.size(text, "disk", SpecRule.diskLimits) }
        guard next.size >= disk.size else {
            throw FoundryError(
                .conflict, "The disk of \(name) has \(disk.size) and cannot become smaller.",
                hint: "--disk \(disk.size) or more, or leave --disk out")
        }
        next.mounts = try mounts(disk)
        guard next.mounts == disk.mounts else {
            throw FoundryError(
                .conflict,
                "\(name) sees its disk at \(Self.paths(disk.mounts)); a push does not move it to \(Self.paths(next.mounts)).",
                hint: disk.mounts.count == 1 ? "--mount \(Self.paths(disk.mounts)), or another name" : "another name")
        }
        return try PolicyRule.disk(policy, next, image: image)
    }

    /// Those that it has, unless the push names another, or they came from the image and the new one has others.
    private func mounts(_ disk: DiskSpec) throws(FoundryError) -> [VolumeMount] {
        let isImages = (try? MountRule.mounts(nil, image: old.image)) == disk.mounts
        guard request.mount != nil || (isImages && !image.configuration.volumes.isEmpty) else { return disk.mounts }
        return try MountRule.mounts(request.mount, image: image)
    }

    private static func paths(_ mounts: [VolumeMount]) -> String { mounts.map(\.path).joined(separator: ", ") }

    /// Of an app without a disk.
    private func ephemeralPaths() throws(FoundryError) -> [String] {
        guard request.disk == nil, request.mount == nil else {
            throw FoundryError(
                .conflict, "\(name) has no disk, and a push does not give it one.",
                hint: "another name, or `foundry delete \(name)` first")
        }
        let isEphemeral = request.ephemeral || !old.ephemeralPaths.isEmpty
        _ = try MountRule.disk(size: nil, mount: nil, ephemeral: isEphemeral, image: image)
        _ = try PolicyRule.disk(request.policy, nil, image: image)
        return isEphemeral ? image.configuration.volumes : []
    }

    private func health(_ port: Int?) throws(FoundryError) -> HealthCheck {
        guard request.health == HealthRequest() else {
            return try HealthRule.liveness(request.health, image: image, port: port)
        }
        let said = ImageChecks.check(old.image, port: old.targetPort)
        let says = ImageChecks.check(image, port: port)
        guard old.health != said else { return says }
        var check = moved(old.health, to: port)
        if old.health.asks == said.asks { check.asks = says.asks }
        return check
    }

    private func readiness(_ port: Int?) throws(FoundryError) -> HealthCheck? {
        guard request.readiness == HealthRequest() else {
            return try HealthRule.readiness(request.readiness, image: image, port: port)
        }
        return old.readiness.map { moved($0, to: port) }
    }

    /// What is asked at the port of its route goes with that.
    private func moved(_ check: HealthCheck, to port: Int?) -> HealthCheck {
        guard let port, check.asks.port == old.targetPort else { return check }
        var check = check
        switch check.asks {
        case .process, .command: break
        case .port: check.asks = .port(port)
        case .http(_, let path): check.asks = .http(port: port, path: path)
        case .engine(let engine, _): check.asks = .engine(engine, port: port)
        }
        return check
    }
}

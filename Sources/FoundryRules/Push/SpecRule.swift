import FoundryModel

/// Turns what a request says into a specification, with the defaults that it leaves open.
public enum SpecRule {
    static let defaultMemory = ByteCount.megabytes(512)
    public static let memoryLimits = ByteCount.megabytes(8)...ByteCount.gigabytes(4096)
    public static let diskLimits = PoolRule.smallest...ByteCount.gigabytes(16_384)
    public static let instanceLimits = 1...100
    /// In thousandths of a core.
    public static let cpuLimits = 10...1_000_000

    static func spec(_ request: PushRequest, image: ResolvedImage) throws(FoundryError) -> WorkloadSpec {
        let disk = try MountRule.disk(
            size: try request.disk.map { text throws(FoundryError) in try size(text, "disk", diskLimits) },
            mount: request.mount,
            ephemeral: request.ephemeral, image: image)
        let policy = try PolicyRule.restartPolicy(request.policy)
        let targetPort =
            request.noRoute == true && request.targetPort == nil
            ? image.configuration.ports.first : try targetPort(request, image)
        return WorkloadSpec(
            image: image, instances: try request.instances.map(instances) ?? 1,
            memory: try request.memory.map { text throws(FoundryError) in try size(text, "memory", memoryLimits) }
                ?? defaultMemory,
            cpu: try cpu(request.cpu), disk: try PolicyRule.disk(request.policy, disk, image: image),
            ephemeralPaths: request.ephemeral ? image.configuration.volumes : [],
            environment: try EnvironmentRule.check(request.environment), targetPort: targetPort,
            restartPolicy: policy, health: try HealthRule.liveness(request.health, image: image, port: targetPort),
            readiness: try HealthRule.readiness(request.readiness, image: image, port: targetPort),
            recovery: try PolicyRule.recovery(request.policy, policy))
    }

    /// - Throws: `name_invalid`.
    static func name(_ request: PushRequest, image: ResolvedImage) throws(FoundryError) -> AppName {
        let text = request.name ?? String(image.reference.repository.reversed().prefix { $0 != "/" }.reversed())
        if let name = AppName(text) { return name }
        throw FoundryError(
            .nameInvalid,
            "'\(text.prefix(80))' is not a name: a-z, 0-9 and hyphens, beginning with a letter, at most 63.",
            hint: request.name == nil ? "foundry push IMAGE NAME" : "a name such as orders-db")
    }

    static func size(
        _ text: String, _ what: String, _ limits: ClosedRange<ByteCount>
    ) throws(FoundryError) -> ByteCount {
        guard let size = ByteCount(parsing: text) else {
            throw FoundryError(
                .sizeInvalid, "--\(what) '\(text.prefix(40))' is not a size.",
                hint: "--\(what) 512M, --\(what) 2G; a bare number is megabytes")
        }
        guard limits.contains(size) else {
            throw FoundryError(
                .sizeInvalid, "--\(what) \(size) is outside its limits, \(limits.lowerBound) to \(limits.upperBound).",
                hint: "--\(what) 1G")
        }
        return size
    }

    static func cpu(_ text: String?) throws(FoundryError) -> Millicores {
        guard let text else { return Millicores(1000) }
        guard let cpu = Millicores(parsing: text), cpuLimits.contains(cpu.count) else {
            throw FoundryError(
                .sizeInvalid, "--cpu '\(text.prefix(40))' is not an amount of cores.",
                hint: "--cpu 2, --cpu 0.5, --cpu 250m")
        }
        return cpu
    }

    /// - Throws: `size_invalid`.
    static func instances(_ count: Int) throws(FoundryError) -> Int {
        guard instanceLimits.contains(count) else {
            throw FoundryError(
                .sizeInvalid,
                "--instances \(count) is outside its limits, \(instanceLimits.lowerBound) to \(instanceLimits.upperBound).",
                hint: count < 1 ? "foundry stop, or --instances 1" : "--instances 3")
        }
        return count
    }

    static func targetPort(_ request: PushRequest, _ image: ResolvedImage) throws(FoundryError) -> Int? {
        guard let port = request.targetPort else {
            let ports = image.configuration.ports
            guard ports.count <= 1 else {
                throw FoundryError(
                    .portInvalid, "The image has several ports: \(ports.map(String.init).joined(separator: ", ")).",
                    hint: "--target-port PORT")
            }
            return ports.first
        }
        guard (1...65_535).contains(port) else {
            throw FoundryError(.portInvalid, "\(port) is not a port.", hint: "1 to 65535")
        }
        return port
    }
}

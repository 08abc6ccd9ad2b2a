import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A data directory that is ready to be served: its configuration, keys and names exist.
public struct Installation: Sendable {
    public let configuration: PlatformConfiguration
    public let paths: Paths
    /// This `up` made it.
    public let isNew: Bool

    /// Checks the machine, then makes what is not there yet. A second call with the same options changes nothing.
    ///
    /// - Throws: `usage` for options that contradict what was chosen before; `machine_unfit`, with everything that is missing, before anything was changed;
    ///   `configuration_invalid`.
    public static func prepare(_ options: UpOptions) async throws(FoundryError) -> Installation {
        if let existing = try ConfigurationFile.load(data: options.data) { return try await resume(options, existing) }
        try refuseForeign(options.data)
        try MachineChecks.require(await MachineChecks.necessary())
        do {
            try FileManager.default.createDirectory(
                atPath: Paths.allRuns, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        } catch {
            throw FoundryError(.machineUnfit, "\(Paths.allRuns) cannot be made.", detail: "\(error)")
        }
        // Two of us on one machine never choose the same port.
        guard let lock = try FileLock.take("\(Paths.allRuns)/lock", wait: .milliseconds(60_000)) else {
            throw FoundryError(.timedOut, "Another `foundry up` on this machine does not end.", hint: "ps -C foundry")
        }
        defer { extendLifetime(lock) }
        if let existing = try ConfigurationFile.load(data: options.data) { return try await resume(options, existing) }
        return try await make(options)
    }

    private static func make(_ options: UpOptions) async throws(FoundryError) -> Installation {
        let configuration = try propose(options)
        let paths = Paths(data: options.data, instance: configuration.instance)
        if let problem = configuration.problem {
            throw FoundryError(.usage, "These options cannot be used: \(problem).")
        }
        try MachineChecks.require(await facts(configuration, paths, isNew: true))
        do {
            try FileManager.default.createDirectory(
                atPath: options.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw FoundryError(
                .machineUnfit, "\(options.data) cannot be made.", detail: "\(error)",
                hint: "choose another one by --data")
        }
        try await complete(configuration, paths)
        // The last one: without it, nothing of ours is there.
        try ConfigurationFile.save(configuration, data: options.data)
        try RunDirectory.prepare(paths)
        return Installation(configuration: configuration, paths: paths, isNew: true)
    }

    private static func resume(
        _ options: UpOptions, _ configuration: PlatformConfiguration
    ) async throws(FoundryError) -> Installation {
        let contradictions = options.contradictions(to: configuration)
        guard contradictions.isEmpty else {
            let path = Paths.configuration(of: options.data)
            throw FoundryError(
                .usage, "\(options.data) was set up otherwise: \(contradictions.joined(separator: "; ")).",
                hint:
                    "leave the option out; or `foundry down`, edit \(path), `foundry up`. A pool cannot be moved: only `foundry reset` gives it up"
            )
        }
        let paths = Paths(data: options.data, instance: configuration.instance)
        if PidFile.live(paths.pidFile("supervisor")) == nil {
            try MachineChecks.require(
                await MachineChecks.necessary() + (await facts(configuration, paths, isNew: false)))
            try RunDirectory.prepare(paths)
        }
        try await complete(configuration, paths)
        return Installation(configuration: configuration, paths: paths, isNew: false)
    }

    /// Keys and names. Each is made once; a killed `up` goes on where it ended.
    private static func complete(_ configuration: PlatformConfiguration, _ paths: Paths) async throws(FoundryError) {
        let cell = try Secrets.cellID(paths)
        _ = try Secrets.machineID(paths)
        _ = try Secrets.token(paths)
        try await Certificates.make(paths, instance: configuration.instance, cell: cell)
    }

    /// What has to be true of ports and disk for this configuration.
    private static func facts(_ configuration: PlatformConfiguration, _ paths: Paths, isNew: Bool) async -> [Finding] {
        var findings = PortChecks.findings(configuration, paths: paths)
        if let problem = await PoolChoice.problem(configuration.pool, paths: paths, isNew: isNew) {
            findings.append(
                .necessary(
                    "pool", false, found: problem.what, consequence: "there is no room for volumes",
                    remedy: problem.remedy))
        }
        return findings
    }

    /// Chooses what the options leave open.
    private static func propose(_ options: UpOptions) throws(FoundryError) -> PlatformConfiguration {
        let claims = Neighbours.claims(except: options.data)
        let isUsual = options.data == UpOptions.usualData
        let instance = freshInstance()
        let isFree = { (port: Int) in TCPPort.isFree(port) }
        guard let api = options.apiPort ?? NetworkChoice.apiPort(isPreferred: isUsual, claims: claims, isFree: isFree)
        else {
            throw FoundryError(.machineUnfit, "No port is free for the API.", hint: "choose one by --api-port")
        }
        guard
            let routes = options.routePorts
                ?? NetworkChoice.routes(isPreferred: isUsual, claims: claims, isFree: isFree)
        else {
            throw FoundryError(
                .machineUnfit, "No 200 neighbouring ports are free for routes.", hint: "choose some by --route-ports")
        }
        let networks = IPv4Network.routes(parsing: ProcFile.read("/proc/net/route") ?? "")
        guard let subnet = NetworkChoice.subnet(instance: instance, claims: claims, routes: networks) else {
            throw FoundryError(
                .machineUnfit, "No network in 10.64.0.0/10 is free for members.", hint: "ip route shows what is taken")
        }
        let available = PoolChoice.available(options.data) ?? .zero
        return PlatformConfiguration(
            instance: instance, apiPort: api, cellPort: api + 1, subnet: subnet,
            routes: RouteConfiguration(
                firstPort: routes.lowerBound, lastPort: routes.upperBound, publicRange: options.publicRoutes),
            pool: options.pool ?? .file(size: PoolChoice.usualSize(available: available)),
            bundledImages: options.images ?? UpOptions.usualImages, layers: options.layers ?? "\(options.data)/layers")
    }

    private static func freshInstance() -> String {
        let taken = Neighbours.dataDirectories()
        while true {
            let instance = Secrets.hexadecimal(bytes: 3)
            if taken[instance] == nil { return instance }
        }
    }

    /// A directory with somebody else's files in it is not taken.
    private static func refuseForeign(_ data: String) throws(FoundryError) {
        let foreign = ((try? FileManager.default.contentsOfDirectory(atPath: data)) ?? []).filter {
            !DataDirectory.isOurs($0) && $0 != "lost+found"
        }
        guard foreign.isEmpty else {
            throw FoundryError(
                .machineUnfit,
                "\(data) has files that are not ours: \(foreign.sorted().prefix(5).joined(separator: ", ")).",
                hint: "choose an empty directory by --data")
        }
    }
}

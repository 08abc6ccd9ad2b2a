import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@testable import FoundryCell

/// Containers of a test's own, on an installation of its own; all of it is removed afterwards, whatever happens.
struct RuntimeGround: Sendable {
    static let slot = 7
    let ground = Ground()
    let runtime: ContainerRuntime
    let images: ImageStore
    let rootfs: RootfsMounts
    let layout: TestLayout
    let member: MemberID

    init() throws {
        let configuration = Self.configuration(ground)
        runtime = try ContainerRuntime(paths: ground.paths, configuration: configuration)
        images = ImageStore(paths: ground.paths, configuration: configuration)
        rootfs = RootfsMounts(paths: ground.paths)
        layout = TestLayout(path: configuration.bundledImages)
        member = try #require(MemberID("member-\(ground.paths.instance)"))
    }

    var paths: Paths { ground.paths }

    static func configuration(_ ground: Ground) -> PlatformConfiguration {
        PlatformConfiguration(
            instance: ground.paths.instance, apiPort: 1, cellPort: 2, subnet: "10.99.1",
            routes: RouteConfiguration(firstPort: 3, lastPort: 4),
            pool: .file(size: .zero), bundledImages: "\(ground.paths.data)/bundled",
            layers: "\(ground.paths.data)/layers",
            logFileSize: .megabytes(1))
    }

    /// As a cell that was started anew has it.
    func anotherRuntime() throws -> ContainerRuntime {
        try ContainerRuntime(paths: paths, configuration: Self.configuration(ground))
    }

    static func run(_ body: (RuntimeGround) async throws -> Void) async throws {
        let ground = try RuntimeGround()
        let namespace = ground.paths.networkNamespace(slot)
        let outcome: Result<Void, any Error>
        do {
            try HostFiles.makeDirectory("\(ground.paths.run)/netns")
            try SystemCall.check(foundry_network_namespace_create(namespace), "make a network namespace")
            try await Command().run("nsenter", ["--net=\(namespace)", "ip", "link", "set", "lo", "up"])
            try await ground.runtime.prepare()
            outcome = .success(try await body(ground))
        } catch { outcome = .failure(error) }
        try await ground.removeEverything()
        try outcome.get()
    }

    private func removeEverything() async throws {
        for container in try await runtime.observe() { try await runtime.delete(container.member) }
        for member in try rootfs.observe() { try rootfs.unmount(member) }
        await runtime.removeControlGroups()
        _ = foundry_unmount_lazily(paths.networkNamespace(Self.slot))
        try await Command().run("rm", ["-rf", "--one-file-system", paths.data, paths.run])
    }

    /// - Parameter script: run by the image's shell as the first process.
    func order(
        _ script: String, generation: Int = 1, memory: ByteCount = .megabytes(64), environment: [String: String] = [:],
        user: String = "",
        ephemeralPaths: [String] = []
    ) async throws -> MemberOrder {
        let configuration = ImageConfiguration(
            entrypoint: ["/bin/sh", "-c"], command: [script], environment: ["PATH=/bin", "COLOUR=red", "SHAPE=round"],
            user: user,
            workingDirectory: "/home")
        return try await order(
            image: layout.image([layout.busybox()], configuration), generation: generation, memory: memory,
            environment: environment, ephemeralPaths: ephemeralPaths)
    }

    func order(
        image: ResolvedImage, generation: Int = 1, memory: ByteCount = .megabytes(64),
        environment: [String: String] = [:],
        ephemeralPaths: [String] = []
    ) async throws -> MemberOrder {
        let spec = WorkloadSpec(
            image: image, memory: memory, cpu: Millicores(250), disk: nil, ephemeralPaths: ephemeralPaths,
            environment: environment,
            targetPort: nil, restartPolicy: .consistent, health: HealthCheck(port: nil))
        return MemberOrder(
            id: member, app: try #require(AppID("app")), name: "demo/0", generation: generation, run: true,
            slot: Self.slot, spec: spec,
            volume: nil)
    }

    @discardableResult
    func create(_ order: MemberOrder, volumes: [VolumeSource] = []) async throws -> ContainerObservation {
        try await images.unpack(order.spec.image)
        try rootfs.mount(order.id, layers: images.lowerDirectories(order.spec.image))
        return try await runtime.create(
            order, user: try images.user(order.spec.image),
            networkNamespace: paths.networkNamespace(order.slot),
            volumes: volumes)
    }

    /// Makes and starts a member and waits for its end.
    ///
    /// - Returns: how it ended, and all that it wrote.
    func result(_ order: MemberOrder, volumes: [VolumeSource] = []) async throws -> (exit: MemberExit, lines: [String])
    {
        try await create(order, volumes: volumes)
        try await runtime.start(order.id)
        let exit = try await end()
        return (exit, try logs.tail(order.id, lines: 10_000).map(\.text))
    }

    var logs: MemberLogs { MemberLogs(paths: paths, limit: .megabytes(1)) }

    func end() async throws -> MemberExit {
        let deadline = SystemClock.monotonic() + Self.patience
        while SystemClock.monotonic() < deadline {
            if case .ended(let exit)? = try await runtime.observe(member)?.phase { return exit }
            try await SystemClock.sleep(.milliseconds(10))
        }
        throw FoundryError(.timedOut, "The member did not end.")
    }

    func isRunning() async throws -> Bool {
        if case .running? = try await runtime.observe(member)?.phase { true } else { false }
    }

    private static let patience = Patience.milliseconds(10_000)

    /// Waits for a line of the member's log.
    func line(_ text: String) async throws {
        let deadline = SystemClock.monotonic() + Self.patience
        while try !logs.tail(member, lines: 100).contains(where: { $0.text == text }) {
            guard SystemClock.monotonic() < deadline else {
                throw FoundryError(.timedOut, "The member never wrote '\(text)'.")
            }
            try await SystemClock.sleep(.milliseconds(5))
        }
    }
}

/// The first that comes, or nil after the limit.
func first<Element: Sendable>(
    of stream: AsyncStream<Element>, limit: Duration = Patience.seconds(10),
    where fits: @escaping @Sendable (Element) -> Bool = { _ in true }
) async -> Element? {
    try? await Deadline.run(limit) {
        for await element in stream where fits(element) { return element }
        return nil
    }
}

func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let deadline = SystemClock.monotonic() + Patience.milliseconds(20_000)
    while try await !condition() {
        guard SystemClock.monotonic() < deadline else {
            throw FoundryError(.timedOut, "It did not come about: \(what).")
        }
        try await SystemClock.sleep(.milliseconds(20))
    }
}

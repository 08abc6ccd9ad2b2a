import ArgumentParser
import FoundryCommandLine

struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Run an image as an app: with limits, a disk, an address.",
        discussion: """
            foundry push redis cache --memory 64M
            foundry push postgres demo --disk 1G --env-file demo.env
            foundry push mysql/mysql orders --disk 10G --disk-sync immediate --io-performance high
            foundry push --file manifest.yml
            foundry push redis cache --memory 128M --env MODE=strict   a change of one that exists
            foundry push redis cache --memory 128M --plan              only what it would change

            Says what will be, and what you may rely on, before anything is made. The same push again changes nothing. Of an app that exists \
            only what you say changes; what needs its process made anew is done to one member at a time, and undone if that does not become healthy.
            """)

    @Argument(help: "A name that `foundry images` lists, or a full reference: registry.example:5000/team/name:tag.")
    var image: String?

    @Argument(help: "Of the app; named for its image otherwise.")
    var name: String?

    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("A manifest that describes the apps; - means the standard input.", valueName: "manifest"),
        completion: .file())
    var file: String?

    @Option(
        name: [.customShort("i"), .long],
        help: ArgumentHelp("Members that know nothing of each other, each with a disk of its own.", valueName: "count"))
    var instances: Int?

    @Option(help: ArgumentHelp("A durable disk: megabytes, or with a unit, 2G.", valueName: "size"))
    var disk: String?

    @Option(help: ArgumentHelp("A hard limit: megabytes, or with a unit.", valueName: "size"))
    var memory: String?

    @Option(help: ArgumentHelp("Cores, 0.5, or millicores, 500m.", valueName: "cores"))
    var cpu: String?

    @Option(help: ArgumentHelp("Of the address; the lowest free one otherwise.", valueName: "port"))
    var port: Int?

    @Option(help: ArgumentHelp("That the app listens on; the image's only one otherwise.", valueName: "port"))
    var targetPort: Int?

    @Option(help: ArgumentHelp("Where the app sees its disk; the image's volumes otherwise.", valueName: "path"))
    var mount: String?

    @Flag(help: "Keep the image's volumes in memory: they end with the app's process.")
    var ephemeral = false

    @Flag(inversion: .prefixedNo, help: "Listen on the public address.")
    var `public`: Bool?

    @Flag(inversion: .prefixedNo, help: "Give it an address; a new app has one anyway where its image names a port.")
    var route: Bool?

    @Flag(help: "Make it, and leave it stopped.")
    var noStart = false

    @Flag(help: "Say what would be done, and do nothing.")
    var plan = false

    @Flag(help: "Do not ask, whatever the change may cost.")
    var force = false

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var health: HealthOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let body = try arguments().body(orManifest: file)
        try await global.withContext(waiting) { context in
            try await PushWork(context).run(
                body, onlyPlan: plan, force: force)
        }
    }

    private func arguments() throws -> PushArguments {
        var arguments = PushArguments()
        arguments.image = image
        arguments.name = name
        arguments.instances = instances
        arguments.disk = disk
        arguments.memory = memory
        arguments.cpu = cpu
        arguments.environment = try environment.variables()
        arguments.port = port
        arguments.targetPort = targetPort
        arguments.mount = mount
        arguments.policy = policy.arguments
        arguments.ephemeral = ephemeral
        arguments.unset = environment.unsetEnv
        arguments.isPublic = self.public
        arguments.route = route
        arguments.noStart = noStart
        arguments.health = health.liveness
        arguments.readiness = health.readiness
        return arguments
    }
}

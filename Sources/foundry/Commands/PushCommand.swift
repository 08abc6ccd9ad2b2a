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

            Says what will be, and what you may rely on, before anything is made. The same push again changes nothing; another one \
            under a name that is taken is refused.
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

    @Flag(help: "Listen on the public address too.")
    var `public` = false

    @Flag(help: "Give it no address.")
    var noRoute = false

    @Flag(help: "Make it, and leave it stopped.")
    var noStart = false

    @OptionGroup var policy: PolicyOptions
    @OptionGroup var environment: EnvironmentOptions
    @OptionGroup var health: HealthOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        let body = try arguments().body(orManifest: file)
        try await global.withAPI { api, console in
            try await PushWork(api, console: console, format: global.output, waitingFor: waiting.limit).run(body)
        }
    }

    private func arguments() throws -> PushArguments {
        var arguments = PushArguments()
        arguments.image = image
        arguments.name = name
        arguments.disk = disk
        arguments.memory = memory
        arguments.cpu = cpu
        arguments.environment = try environment.variables()
        arguments.port = port
        arguments.targetPort = targetPort
        arguments.mount = mount
        arguments.policy = policy.arguments
        arguments.ephemeral = ephemeral
        arguments.isPublic = self.public
        arguments.noRoute = noRoute
        arguments.noStart = noStart
        arguments.health = health.liveness
        arguments.readiness = health.readiness
        return arguments
    }
}

import ArgumentParser
import FoundryCommandLine

struct CreateServiceKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-service-key", abstract: "Make credentials of a service for yourself, or for a program.",
        discussion: """
            foundry create-service-key orders-db me
            foundry create-service-key orders-db reports -c '{"access": "read-only"}'
            """,
        aliases: ["csk"])

    @Argument(help: "Of the service.", completion: .services)
    var service: String

    @Argument(help: "Of the key.")
    var key: String

    @Option(
        name: .customShort("c"),
        help: ArgumentHelp("Parameters: a JSON object, or the file that holds one.", valueName: "JSON|file"),
        completion: .file())
    var parameters: String?

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await ServiceKeyWork(context).create(key, of: service, parameters: parameters)
        }
    }
}

struct ServiceKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-keys", abstract: "List the keys of a service.",
        discussion: "foundry service-keys orders-db", aliases: ["sk"])

    @Argument(help: "Of the service.", completion: .services)
    var service: String

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(nil) { context in try await ServiceKeyWork(context).list(of: service) }
    }
}

struct ServiceKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service-key", abstract: "Show the credentials of a key.",
        discussion: """
            foundry service-key orders-db me
            foundry service-key orders-db me --show-password
            foundry service-key orders-db me --output json | jq -r .credentials.uri
            """)

    @Argument(help: "Of the service.", completion: .services)
    var service: String

    @Argument(help: "Of the key.")
    var key: String

    @Flag(help: "Print what is secret, too; JSON has it anyway.")
    var showPassword = false

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(nil) { context in
            try await ServiceKeyWork(context).show(key, of: service, showsPassword: showPassword)
        }
    }
}

struct RotateServiceKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-service-key", abstract: "Give a key new credentials; those from before stay for a while.",
        discussion: """
            foundry rotate-service-key orders-db me
            foundry rotate-service-key orders-db me --overlap 12h
            """)

    @Argument(help: "Of the service.", completion: .services)
    var service: String

    @Argument(help: "Of the key.")
    var key: String

    @Option(help: ArgumentHelp("How long both are valid: 10m, 12h, 7d.", valueName: "time"))
    var overlap = LongTimeArgument.hour

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await ServiceKeyWork(context).rotate(key, of: service, overlap: overlap.seconds)
        }
    }
}

struct DeleteServiceKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete-service-key", abstract: "Take the credentials of a key back.",
        discussion: "foundry delete-service-key orders-db me -f", aliases: ["dsk"])

    @Argument(help: "Of the service.", completion: .services)
    var service: String

    @Argument(help: "Of the key.")
    var key: String

    @Flag(name: [.customShort("f"), .long], help: "Ask nothing.")
    var force = false

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await ServiceKeyWork(context).delete(key, of: service, force: force)
        }
    }
}

import ArgumentParser
import FoundryCommandLine

struct BindServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind-service", abstract: "Give an app credentials of a service, and a way to it.",
        discussion: """
            foundry bind-service shop orders-db && foundry restart shop
            foundry bind-service shop orders-db -c '{"access": "read-only"}' --binding-name reports

            The app gets VCAP_SERVICES, and the directory that $SERVICE_BINDING_ROOT names, when it starts.
            """,
        aliases: ["bs"])

    @Argument(help: "Of the app.", completion: .apps)
    var app: String

    @Argument(help: "Of the service.", completion: .services)
    var service: String

    @Option(
        name: .customShort("c"),
        help: ArgumentHelp("Parameters: a JSON object, or the file that holds one.", valueName: "JSON|file"),
        completion: .file())
    var parameters: String?

    @Option(help: ArgumentHelp("Of the binding: what the app finds it by.", valueName: "name"))
    var bindingName: String?

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await BindingWork(context).bind(app: app, to: service, binding: bindingName, parameters: parameters)
        }
    }
}

struct UnbindServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbind-service", abstract: "Take an app's credentials of a service back.",
        discussion: "foundry unbind-service shop orders-db", aliases: ["us"])

    @Argument(help: "Of the app.", completion: .apps)
    var app: String

    @Argument(help: "Of the service.", completion: .services)
    var service: String

    @OptionGroup var waiting: WaitOptions
    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withContext(waiting) { context in
            try await BindingWork(context).unbind(app: app, from: service)
        }
    }
}

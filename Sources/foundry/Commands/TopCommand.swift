import ArgumentParser
import FoundryCommandLine

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Show what each member uses: a page a second on a terminal.",
        discussion: """
            foundry top
            foundry top --once --sort memory

            Ctrl-C ends it. MEMORY leaves out the page cache that the kernel can take back at once. FLUSH/S counts the syncs that
            reached the disk; rates are between the last two measurements, which are two seconds apart while somebody looks.
            """)

    @Flag(help: "One table, also on a terminal.")
    var once = false

    @Option(help: "By what the rows are sorted: \(UsageOrder.allCases.map(\.rawValue).joined(separator: ", ")).")
    var sort = UsageOrder.name

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            try await TopWork(api, console: console, format: global.output, order: sort).run(once: once)
        }
    }
}

extension UsageOrder: ExpressibleByArgument {}

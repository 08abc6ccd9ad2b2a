import FoundryClient
import FoundryEffects
import FoundryModel

/// Shows what members use, again and again for as long as a person looks.
public struct TopWork: Sendable {
    private static let pause = Duration.seconds(1)

    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat
    private let order: UsageOrder

    public init(_ api: FoundryAPI, console: Console, format: OutputFormat, order: UsageOrder) {
        self.api = api
        self.console = console
        self.format = format
        self.order = order
    }

    /// - Parameter once: one table; so it is for programs, and where nobody looks.
    public func run(once: Bool) async throws {
        if once || format == .json || !console.output.isInteractive {
            let members = order.sorted(try await api.usage())
            return try console.show(ListAnswer(resources: members), as: format) {
                UsageView(members).lines(on: console.output)
            }
        }
        var heardAt: MonotonicTime?
        while true {
            do {
                let members = order.sorted(try await api.usage())
                heardAt = SystemClock.monotonic()
                // The window may have another size than a second ago.
                let terminal = Terminal.of(.standardOutput)
                console.page(UsageView(members).page(on: terminal, at: SystemClock.timestamp()))
            } catch {
                guard error.mayPass, let heardAt, SystemClock.monotonic() - heardAt < JobFollower.longestSilence else {
                    throw error
                }
            }
            try await SystemClock.sleep(Self.pause)
        }
    }
}

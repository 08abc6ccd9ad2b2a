import FoundryClient
import FoundryModel

/// Gives an app more room, or less, or more members, or fewer, and stays until that is in force.
public struct ScaleWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// Where nothing is asked for it says what the app has.
    ///
    /// - Throws: `app_not_found`, `size_invalid`, `conflict`, `capacity_short`, `pool_full`; `timed_out`: it goes on.
    public func run(app name: String, _ wanted: ScaleBody) async throws {
        let before = try await AppLookup(context.api).app(name)
        if !wanted.isEmpty {
            let job = try await context.api.scale(before.guid, wanted)
            try await context.follow(
                job, "scale", name, late: CommandContext.late("\(name) has not got it", hint: "foundry why \(name)"))
        }
        let now = try await context.api.app(before.guid)
        try context.console.show(now, as: context.format) {
            ["\(TextStyle.strong.applied(to: name, on: context.console.output)) has \(words(now, before))"]
        }
    }

    private func words(_ now: AppSummary, _ before: AppSummary) -> String {
        var words: [String] = []
        if now.instances > 1 || before.instances > 1 {
            words.append(
                Self.change(now.instances == 1 ? "member" : "members", "\(now.instances)", "\(before.instances)"))
        }
        words += [
            Self.change(
                "of memory", ByteCount(bytes: now.memory).description, ByteCount(bytes: before.memory).description),
            Self.change("of processor time", CoresText.of(now.cpuMillicores), CoresText.of(before.cpuMillicores)),
        ]
        if let disk = now.disk, let old = before.disk {
            words.append(Self.change("of disk", ByteCount(bytes: disk).description, ByteCount(bytes: old).description))
        }
        return words.joined(separator: ", ")
    }

    private static func change(_ what: String, _ now: String, _ before: String) -> String {
        now == before ? "\(now) \(what)" : "\(now) \(what) (\(before) before)"
    }
}

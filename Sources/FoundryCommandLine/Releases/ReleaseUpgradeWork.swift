import FoundryClient
import FoundryModel

/// Brings instances of a release to the version that is offered: each begins when the one before is healthy.
public struct ReleaseUpgradeWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter names: of instances; empty: all.
    /// - Throws: why one could not be upgraded; those after it are as they were.
    public func run(_ release: String, only names: [String], asks: Bool) async throws {
        let current = try await ReleaseLookup(context.api).release(release, version: nil)
        let all = try await context.api.serviceInstances().filter { $0.foundry.offering == release }
        if let unknown = names.first(where: { name in !all.contains { $0.name == name } }) {
            throw FoundryError(
                .serviceNotFound, "\(release) has no instance '\(unknown)'.", hint: "foundry release show \(release)")
        }
        let due = all.filter {
            $0.foundry.version != current.version && (names.isEmpty || names.contains($0.name))
        }
        if asks, !due.isEmpty, Prompt.isPossible, context.format == .table {
            let list = due.map { "\($0.name) (\($0.foundry.version))" }.joined(separator: ", ")
            guard Prompt(context.console).confirm("Upgrade \(list) to \(current.version), one after the other?") else {
                throw FoundryError(.usage, "Nothing was changed.")
            }
        }
        for instance in due { try await upgrade(instance, to: current.version) }
        try context.console.show(
            ReleaseUpgradeAnswer(release: release, version: current.version, upgraded: due.map(\.name)),
            as: context.format
        ) {
            due.isEmpty ? ["Every instance of \(release) that was meant has \(current.version)."] : []
        }
    }

    private func upgrade(_ instance: ServiceInstanceAnswer, to version: String) async throws {
        let body = ServiceInstanceBody(maintenanceInfo: MaintenanceInfo(version: version))
        let job = try await context.api.updateService(instance.guid, body)
        do {
            try await context.follow(job, "upgrade", service: instance.name, app: instance.foundry.appGuid)
        } catch let error as FoundryError {
            throw await FailedStart(context.api, context.console, context.format)
                .explained(error, app: instance.foundry.appGuid, named: instance.name)
        }
        if context.format == .table {
            context.console.print("\(instance.name) has \(version) now; it had \(instance.foundry.version)")
        }
    }
}

struct ReleaseUpgradeAnswer: Hashable, Sendable, Encodable {
    var release: String
    var version: String
    /// Names, in the order in which it was done.
    var upgraded: [String]
}

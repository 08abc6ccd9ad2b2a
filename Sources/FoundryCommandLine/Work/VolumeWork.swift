import FoundryClient
import FoundryModel

/// Removes volumes that no app has any more.
public struct VolumeWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter id: or the beginning of it, of four letters at least.
    /// - Parameter purge: it goes at once; otherwise it is kept for some days more.
    /// - Parameter force: nobody is asked.
    /// - Throws: `volume_not_found`; `conflict` when an app has it; `usage` when the answer was no, or a purge could not be asked about.
    public func remove(_ id: String, purge: Bool, force: Bool) async throws {
        let volume = try Self.find(id, among: try await context.api.volumes())
        let name = "Volume \(volume.guid.prefix(8)) of \(volume.appName), \(ByteCount(bytes: volume.size)),"
        if purge, !force { try ask(name, volume) }
        let job = try await context.api.removeVolume(volume.guid, purge: purge)
        try await context.follow(
            job, "remove", "volume \(volume.guid.prefix(8))",
            late: CommandContext.late("It is not gone", hint: "foundry volumes"))
        let left = try await context.api.volumes().first { $0.guid == volume.guid }
        try context.console.show(
            RemovedVolume(guid: volume.guid, isGone: left == nil, keptUntil: left?.keptUntil), as: context.format
        ) {
            if let until = left?.keptUntil { return ["\(name) is kept until \(until.timestamp), then it goes"] }
            return ["\(name) is \(left == nil ? "gone" : "being removed")"]
        }
    }

    static func find(_ id: String, among all: [VolumeSummary]) throws(FoundryError) -> VolumeSummary {
        let found = id.count < 4 ? [] : all.filter { $0.guid.hasPrefix(id) }
        if let first = found.first, found.count == 1 { return first }
        let problem = found.isEmpty ? "No volume has the id '\(id)'." : "Several volumes' ids begin with '\(id)'."
        throw FoundryError(.volumeNotFound, problem, hint: "foundry volumes")
    }

    private func ask(_ name: String, _ volume: VolumeSummary) throws(FoundryError) {
        guard Prompt.isPossible, context.format == .table else {
            throw FoundryError(
                .usage, "\(name) would be gone for good, and nobody can be asked here.",
                hint: "foundry volume rm \(volume.guid.prefix(8)) --purge --force")
        }
        guard Prompt(context.console).confirm("\(name) is gone for good then. Go on?") else {
            throw FoundryError(.usage, "Nothing was removed.")
        }
    }
}

/// What became of it.
struct RemovedVolume: Hashable, Sendable, Encodable {
    var guid: String
    var isGone: Bool
    /// Then it goes.
    var keptUntil: WireTime?
}

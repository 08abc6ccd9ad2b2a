import FoundryClient
import FoundryModel

/// Removes volumes that no app has any more.
public struct VolumeWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat
    private let limit: Duration?

    /// - Parameter limit: nil: not waited for.
    public init(_ api: FoundryAPI, console: Console, format: OutputFormat, waitingFor limit: Duration?) {
        self.api = api
        self.console = console
        self.format = format
        self.limit = limit
    }

    /// - Parameter id: or the beginning of it, of four letters at least.
    /// - Parameter purge: it goes at once; otherwise it is kept for some days more.
    /// - Parameter force: nobody is asked.
    /// - Throws: `volume_not_found`; `conflict` when an app has it; `usage` when the answer was no, or a purge could not be asked about.
    public func remove(_ id: String, purge: Bool, force: Bool) async throws {
        let volume = try Self.find(id, among: try await api.volumes())
        let name = "Volume \(volume.guid.prefix(8)) of \(volume.appName), \(ByteCount(bytes: volume.size)),"
        if purge, !force { try ask(name, volume) }
        let job = try await api.removeVolume(volume.guid, purge: purge)
        if let limit { try await follow(job, volume, limit) }
        let left = try await api.volumes().first { $0.guid == volume.guid }
        try console.show(RemovedVolume(guid: volume.guid, isGone: left == nil, keptUntil: left?.keptUntil), as: format)
        {
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
        guard Prompt.isPossible, format == .table else {
            throw FoundryError(
                .usage, "\(name) would be gone for good, and nobody can be asked here.",
                hint: "foundry volume rm \(volume.guid.prefix(8)) --purge --force")
        }
        guard Prompt(console).confirm("\(name) is gone for good then. Go on?") else {
            throw FoundryError(.usage, "Nothing was removed.")
        }
    }

    private func follow(_ job: JobReference, _ volume: VolumeSummary, _ limit: Duration) async throws {
        try await Progress.show(on: console, isSilent: format == .json) { progress in
            await progress.begin("remove", "volume \(volume.guid.prefix(8))")
            guard try await JobFollower(api).follow(job, limit: limit) == nil else { return }
            throw FoundryError(
                .timedOut, "It is not gone after \(TimeArgument(limit).description); it goes on.",
                hint: "foundry volumes")
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

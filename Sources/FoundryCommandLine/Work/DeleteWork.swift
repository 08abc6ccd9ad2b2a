import FoundryClient
import FoundryEffects
import FoundryModel

/// Deletes an app, after it was said what becomes of its data.
public struct DeleteWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter purge: its volume goes too, at once.
    /// - Parameter force: nobody is asked.
    /// - Throws: `app_not_found`; `usage` when the answer was no, or a purge could not be asked about.
    public func run(app name: String, purge: Bool, force: Bool) async throws {
        let app = try await AppLookup(context.api).app(name)
        if !force { try ask(app, purge: purge) }
        let job = try await context.api.delete(app.guid, purge: purge)
        try await context.follow(
            job, "delete", name,
            late: CommandContext.late("\(name) is not gone", "it goes on being deleted", hint: "foundry apps"))
        let volumes = try await context.api.volumes().filter { $0.app == app.guid }
        let had = app.volumes
        let members = volumes.filter { volume in had.contains { $0.guid == volume.guid } }
        let snapshots = try await context.api.snapshots().count { $0.app == app.guid && $0.state != "removing" }
        let answer = DeleteAnswer(
            app: app.guid, name: name, isGone: context.limit != nil,
            volumes: members, snapshots: snapshots,
            copies: volumes.count { !members.contains($0) && $0.phase != "purging" })
        try context.console.show(answer, as: context.format) {
            answer.lines(had: had)
        }
    }

    private func ask(_ app: AppSummary, purge: Bool) throws(FoundryError) {
        guard Prompt.isPossible, context.format == .table else {
            guard purge else { return }
            throw FoundryError(
                .usage, "--purge deletes the data of \(app.name) for good, and nobody can be asked here.",
                hint: "foundry delete \(app.name) --purge --force")
        }
        let prompt = Prompt(context.console)
        let isMeant: Bool
        let volumes = app.volumes
        let words = DeleteAnswer.words(volumes)
        if purge, !volumes.isEmpty {
            isMeant = prompt.confirm(
                "This deletes \(app.name) and its \(words) for good. Type the app's name to go on:",
                byTyping: app.name)
        } else {
            let isOne = volumes.count == 1
            let data =
                volumes.isEmpty ? "" : " Its \(words) \(isOne ? "is" : "are") kept for some days, and can be purged."
            isMeant = prompt.confirm("Delete \(app.name)?\(data)")
        }
        guard isMeant else { throw FoundryError(.usage, "Nothing was deleted.") }
    }
}

/// What was deleted, and what was kept.
struct DeleteAnswer: Hashable, Sendable, Encodable {
    /// The guid.
    var app: String
    var name: String
    /// False: it was not waited for.
    var isGone: Bool
    /// As they are now; those that are gone are not among them.
    var volumes: [VolumeSummary]
    /// Those that stay.
    var snapshots = 0
    /// Disks that it had before it was rewound, or when it had more members; they stay.
    var copies = 0

    /// `volume of 1 GiB`, `3 volumes of 1 GiB`
    static func words(_ volumes: [VolumeSummary]) -> String {
        let sizes = Set(volumes.map(\.size)).sorted().map { ByteCount(bytes: $0).description }
        return "\(volumes.count == 1 ? "volume" : "\(volumes.count) volumes") of \(sizes.joined(separator: " and "))"
    }

    func lines(had before: [VolumeSummary]) -> [String] {
        let stay: [String] =
            switch snapshots {
            case 0: []
            case 1: ["A snapshot of it stays: foundry snapshots \(name)"]
            default: ["\(snapshots) snapshots of it stay: foundry snapshots \(name)"]
            }
        let kept: [String] =
            switch copies {
            case 0: []
            case 1: ["A disk that it had before stays: foundry volumes"]
            default: ["\(copies) disks that it had before stay: foundry volumes"]
            }
        return [line(had: before)] + stay + kept
    }

    private func line(had before: [VolumeSummary]) -> String {
        let gone = "\(name) is \(isGone ? "deleted" : "being deleted")"
        guard !before.isEmpty else { return "\(gone)." }
        let left = volumes.filter { $0.phase != "purging" }
        guard let first = left.first else { return "\(gone), and its \(Self.words(before)) with it." }
        let isOne = left.count == 1
        guard let until = left.compactMap(\.keptUntil).first else {
            return "\(gone). Its \(isOne ? "volume is" : "volumes are") still \(first.phase): foundry volumes"
        }
        return "\(gone). Its \(Self.words(left)) \(isOne ? "is" : "are") kept until \(until.timestamp): foundry volumes"
    }
}

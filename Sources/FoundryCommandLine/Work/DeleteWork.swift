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
        let volumes = try await context.api.volumes()
        let volume = app.volume == nil ? nil : volumes.first { $0.guid == app.volume?.guid }
        let snapshots = try await context.api.snapshots().count { $0.app == app.guid && $0.state != "removing" }
        let answer = DeleteAnswer(
            app: app.guid, name: name, isGone: context.limit != nil, volume: volume, snapshots: snapshots,
            copies: volumes.count { $0.app == app.guid && $0.phase == "forked" })
        try context.console.show(answer, as: context.format) {
            answer.lines(had: app.volume, now: SystemClock.timestamp())
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
        if purge, let volume = app.volume {
            let size = ByteCount(bytes: volume.size)
            isMeant = prompt.confirm(
                "This deletes \(app.name) and its volume of \(size) for good. Type the app's name to go on:",
                byTyping: app.name)
        } else {
            let data = app.volume == nil ? "" : " Its volume is kept for some days, and can be purged."
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
    /// As it is now; nil when there was none, or it is gone.
    var volume: VolumeSummary?
    /// Those that stay.
    var snapshots = 0
    /// Disks that it had before it was rewound; they stay.
    var copies = 0

    func lines(had before: VolumeSummary?, now: Timestamp) -> [String] {
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
        return words(had: before, now: now) + stay + kept
    }

    private func words(had before: VolumeSummary?, now: Timestamp) -> [String] {
        let gone = "\(name) is \(isGone ? "deleted" : "being deleted")"
        guard let before else { return ["\(gone)."] }
        guard let volume, volume.phase != "purging" else {
            return ["\(gone), and its volume of \(ByteCount(bytes: before.size)) with it."]
        }
        guard let until = volume.keptUntil else {
            return ["\(gone). Its volume is still \(volume.phase): foundry volumes"]
        }
        return [
            "\(gone). Its volume of \(ByteCount(bytes: volume.size)) is kept until \(until.timestamp): foundry volumes"
        ]
    }
}

import FoundryModel

/// What a restore of the store means for one app, in words.
enum RestoreWords {
    /// On a platform of one machine: its cell has not said yet what lies on its pool, so nothing is granted; or it said that another copy is newer.
    static func waiting(_ id: AppID, _ view: PlatformView) -> [WhyLine] {
        guard let app = view.apps[id]?.value, app.desired == .started else { return [] }
        return view.members(of: id).compactMap { member in
            guard let volume = member.volume.flatMap({ view.volumes[$0]?.value }), view.mustWait(volume) else {
                return nil
            }
            let subject = "volume \(app.name)/\(member.index)"
            guard view.isOvertaken(volume) else {
                return WhyLine(
                    subject: subject,
                    text: "waits: the store was restored, and it is not known yet what lies on the pool",
                    hint: "foundry status")
            }
            return WhyLine(
                subject: subject,
                text: "waits: the store was restored from before another copy of this disk took its place, "
                    + "so nothing is started on either",
                hint: "foundry store restore FILE, with a store that knows it: what the restore kept is one")
        }
    }

    /// A disk that is missing, or newer than its record, may be so because of what the records do not know.
    ///
    /// - Returns: nil where that is no reason.
    static func refused(_ refusal: FoundryError, _ app: AppRecord, _ subject: String, _ view: PlatformView) -> WhyLine?
    {
        if refusal.code == .volumeMissing, let restore = view.switches.restore {
            let taken = restore.takenAt.map { " of \($0)" } ?? ""
            return WhyLine(
                subject: subject,
                text: "is refused: \(refusal.message) The store was restored at \(restore.at) from a backup\(taken): "
                    + "an app that was deleted with its disk after that is back, and its disk is not",
                hint: "foundry delete \(app.name), if it was deleted")
        }
        guard refusal.code == .volumeNewer else { return nil }
        return WhyLine(
            subject: subject,
            text: "is refused: \(refusal.message) So the store is older than its disk: it lost its last changes, or an "
                + "older copy was put in its place by hand",
            hint: "foundry down, foundry store restore --present, foundry up: then the records follow the disks")
    }
}

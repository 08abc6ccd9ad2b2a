import FoundryModel

/// A record that contradicts another one, or itself.
public struct StoreFlaw: Hashable, Sendable, Codable {
    /// Of the record.
    public var key: String
    /// A sentence without its subject: `is of app 3f9a, which there is not`.
    public var text: String

    public init(key: String, text: String) {
        self.key = key
        self.text = text
    }
}

/// What is true of the records of one store at every revision, whatever was killed.
public enum StoreCheckRule {
    /// - Returns: sorted by key.
    public static func flaws(_ view: PlatformView) -> [StoreFlaw] {
        let found =
            view.apps.values.flatMap { flaws(of: $0.value, view) }
            + view.members.values.flatMap { flaws(of: $0.value, view) }
            + view.volumes.values.flatMap { flaws(of: $0.value, view) }
            + view.routes.values.flatMap { flaws(of: $0.value, view) } + flawsOfTerm(view)
        return found.sorted { ($0.key, $0.text) < ($1.key, $1.text) }
    }

    private static func flaws(of app: AppRecord, _ view: PlatformView) -> [StoreFlaw] {
        let others = view.apps.values.filter { $0.value.name == app.name && $0.value.id != app.id }
        return others.isEmpty ? [] : [flaw(.app(app), "has the name of another app, \(app.name)")]
    }

    private static func flaws(of member: MemberRecord, _ view: PlatformView) -> [StoreFlaw] {
        var texts: [String] = []
        if view.apps[member.app] == nil { texts.append("is of app \(member.app.short), which there is not") }
        if !(2...254).contains(member.slot) { texts.append("has slot \(member.slot), which is none") }
        if let id = member.volume {
            if let volume = view.volumes[id]?.value {
                if volume.app != member.app { texts.append("has volume \(id.short), which is another app's") }
            } else {
                texts.append("has volume \(id.short), which there is not")
            }
        }
        for other in view.members.values.map(\.value) where other.id != member.id {
            if other.cell == member.cell, other.slot == member.slot { texts.append("shares its address with another") }
            if other.app == member.app, other.index == member.index { texts.append("shares its index with another") }
            if other.volume == member.volume, member.volume != nil { texts.append("shares its volume with another") }
        }
        return texts.map { flaw(.member(member), $0) }
    }

    private static func flaws(of volume: VolumeRecord, _ view: PlatformView) -> [StoreFlaw] {
        var texts: [String] = []
        if case .held(let holder) = volume.phase, view.members[holder]?.value.volume != volume.id {
            texts.append("is held by member \(holder.short), which does not have it")
        }
        if volume.sealedAt > volume.epoch { texts.append("was sealed under an epoch that was never granted") }
        if volume.epoch.generation > view.switches.generation {
            texts.append("has an epoch of a generation that is still to come")
        }
        return texts.map { flaw(.volume(volume), $0) }
    }

    private static func flaws(of route: RouteRecord, _ view: PlatformView) -> [StoreFlaw] {
        view.apps[route.app] == nil ? [flaw(.route(route), "is of app \(route.app.short), which there is not")] : []
    }

    private static func flawsOfTerm(_ view: PlatformView) -> [StoreFlaw] {
        guard let term = view.term?.value, term.term.generation > view.switches.generation else { return [] }
        return [flaw(.term(term), "is of a generation that is still to come")]
    }

    private static func flaw(_ record: Record, _ text: String) -> StoreFlaw { StoreFlaw(key: record.key, text: text) }
}

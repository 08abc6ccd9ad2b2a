import FoundryModel
import FoundryRules

/// How stories of recoveries say what a copy is, and what is done.
enum RecoveryWords {
    static func apply(_ word: String, to copy: inout RecoveryWorld.Copy) throws {
        let (key, value) = RecoveryStory.sides(word)
        switch key {
        case "held": copy.phase = nil
        case "sealed": copy.phase = .sealed
        case "allotted": copy.phase = .allotted
        case "orphan": copy.phase = .follows(VolumeID("gone")!)
        case "unmade": copy.isMade = false
        case "e":
            copy.epoch = Epoch(UInt64(value) ?? 0)
            copy.follows = copy.follows.map { _ in copy.epoch }
        case "untaken": copy.sealedAt = Epoch(1)
        case "at": copy.position = UInt64(value) ?? 0
        case "all": copy.hasAll = true
        case "quiet": copy.follows = nil
        case "mute": copy.memberPhase = nil
        case "guard": copy.guardState = value == "on" ? .on(orderedAt: RecoveryWorld.revision) : .ordered
        case "listed": copy.listedAt = Int64(value) ?? RecoveryWorld.revision
        case "listedunder": copy.listedEpoch = UInt64(value).map(Epoch.init)
        case "pinned": copy.pinned = Int(value)
        case "waits": copy.waitsFor = numbers(value)
        case "enforced": copy.enforced = numbers(value)
        case "says": copy.says = numbers(value)
        case "down":
            copy.standsDown = true
            copy.stoodDown = Int64(value)
        case "tried": copy.stoodDown = Int64(value)
        case "i": copy.incarnation = IncarnationID(value)!
        case "crashed": copy.memberPhase = .crashed(nextTry: Samples.start)
        case "refused":
            copy.memberPhase = .refused(
                FoundryError(.volumeMissing, "Volume v\(copy.index) was made once, and is not on this cell's pool."))
        default: throw StoryFolder.Unreadable(word)
        }
    }

    private static func numbers(_ text: String) -> [Int] { text.split(separator: ",").compactMap { Int($0) } }

    static func step(_ step: RecoveryStep) -> String {
        switch step {
        case .handOver(let from, let to, let fence): "hand over \(from) to \(to) by \(fence)"
        case .fork(let from, let to, let fence):
            "fork \(from): \(to) goes on, \(fence.map { "by \($0)" } ?? "unfenced")"
        case .startEmpty(let volume, let fence):
            "start empty instead of \(volume), \(fence.map { "by \($0)" } ?? "unfenced")"
        case .replaceStateless(let member): "place \(member) anew"
        case .replaceUnmade(let volume): "make another instead of \(volume)"
        case .standDown(let member, let next): "stand down \(member) for \(next)"
        case .standUp(let member): "stand up \(member)"
        case .changeOver(let from, let to): "change over from \(from) to \(to)"
        case .addReplica(let volume, let avoiding):
            "add a replica of \(volume), not on \(avoiding.map(\.description).joined(separator: ", "))"
        case .dropReplica(let member): "drop replica \(member)"
        case .orderGuard(let volume): "order the guard of \(volume)"
        case .confirmGuard(let volume): "confirm the guard of \(volume)"
        case .dropGuard(let volume): "drop the guard of \(volume)"
        case .waitFor(let volume, let replica): "\(volume) waits for \(replica)"
        case .enforce(let volume, let replicas):
            "\(volume) counts as current \(replicas.map(\.description).joined(separator: ", "))"
        case .dropWait(let volume, let replica): "\(volume) waits for \(replica) no more"
        }
    }
}

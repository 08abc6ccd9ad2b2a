import FoundryModel
import FoundryRules

/// A story of the sentinel, or of the one that watches it.
///
///     > TIME begins normal [latched] | watches normal
///     > TIME fed s1 SENT | fire | disarm | frozen | killed N | unlatch s1 | cellgone | tick | wake
///     > TIME lives | died                               of the sentinel that is watched
struct SentinelStory {
    private var sentinel: SentinelMachine?
    private var watcher: GuardWatcher?

    static func retold(_ text: String) throws -> String {
        var story = SentinelStory()
        return try StoryFolder.retell(text) { try story.play($0) }
    }

    private mutating func play(_ words: [String]) throws -> [String] {
        guard words.count >= 2, let time = Int64(words[0]) else { throw StoryFolder.Unreadable("\(words)") }
        let now = MonotonicTime(milliseconds: time)
        let rest = Array(words.dropFirst(2))
        switch words[1] {
        case "begins":
            sentinel = SentinelMachine(timing: try timing(rest), isLatched: rest.contains("latched"), now: now)
            return []
        case "watches":
            watcher = GuardWatcher(timing: try timing(rest))
            return []
        case "wake":
            let wake = watcher == nil ? sentinel?.nextWake : watcher?.nextWake
            return ["wakes at \(wake.map { "\($0.milliseconds)" } ?? "no time")"]
        default:
            return watcher == nil
                ? tellSentinel(try event(words[1], rest), now) : tellWatcher(try watch(words[1], rest), now)
        }
    }

    private mutating func tellSentinel(_ event: SentinelEvent, _ now: MonotonicTime) -> [String] {
        guard let decision = sentinel?.handle(event, now: now), let state = sentinel?.state else {
            return ["there is none"]
        }
        return Self.words(decision.effects, "\(state)", decision.rejection.map { "\($0)" })
    }

    private mutating func tellWatcher(_ event: GuardWatchEvent, _ now: MonotonicTime) -> [String] {
        guard let decision = watcher?.handle(event, now: now), let state = watcher?.state else {
            return ["there is none"]
        }
        return Self.words(decision.effects, "\(state)", decision.rejection.map { "\($0)" })
    }

    static func words(_ effects: GuardEffects, _ state: String, _ rejection: String?) -> [String] {
        let names: [(GuardEffects, String)] = [
            (.freeze, "freeze"), (.kill, "kill"), (.check, "check"), (.thaw, "thaw"), (.reboot, "reboot"),
            (.feedWatchdog, "feed the watchdog"), (.tell, "tell"),
        ]
        let done = names.filter { effects.contains($0.0) }.map(\.1)
        let refused = rejection.map { ["rejected: \($0)"] } ?? []
        return refused + ["\(state)\(done.isEmpty ? "" : ": \(done.joined(separator: ", "))")"]
    }

    private func event(_ word: String, _ rest: [String]) throws -> SentinelEvent {
        switch (word, rest.count) {
        case ("fed", 2):
            guard let session = SessionID(rest[0]), let sent = Int64(rest[1]) else { break }
            return .fed(session, sentAt: MonotonicTime(milliseconds: sent))
        case ("unlatch", 1): if let session = SessionID(rest[0]) { return .unlatch(session) }
        case ("killed", 1): if let remaining = Int(rest[0]) { return .killed(remaining: remaining) }
        case ("fire", 0): return .fire
        case ("disarm", 0): return .disarm
        case ("frozen", 0): return .frozen
        case ("cellgone", 0): return .cellGone
        case ("tick", 0): return .tick
        default: break
        }
        throw StoryFolder.Unreadable("\(word) \(rest)")
    }

    private func watch(_ word: String, _ rest: [String]) throws -> GuardWatchEvent {
        switch (word, rest.count) {
        case ("lives", 0): return .sentinelLives
        case ("died", 0): return .sentinelDied
        case ("frozen", 0): return .frozen
        case ("killed", 1): if let remaining = Int(rest[0]) { return .killed(remaining: remaining) }
        case ("tick", 0): return .tick
        default: break
        }
        throw StoryFolder.Unreadable("\(word) \(rest)")
    }

    private func timing(_ words: [String]) throws -> SessionTiming {
        switch words.first {
        case "fast": .fast
        case "normal": .normal
        case "calm": .calm
        default: throw StoryFolder.Unreadable("\(words)")
        }
    }
}

import FoundryModel

/// What a cell sees of its guards at this moment.
public struct GuardSight: Hashable, Sendable {
    /// The sentinel's process lives: its descriptor was asked just now.
    public var sentinelLives: Bool
    /// As it last told it.
    public var sentinel: SentinelState
    /// Under which it was last fed, by its own word.
    public var fedUnder: SessionID?
    /// The second watcher lives, and holds the sentinel.
    public var isWatched: Bool
    /// The sentinel feeds the hardware watchdog.
    public var feedsWatchdog: Bool
    /// Under which the ports were last given their time.
    public var portsUnder: SessionID?

    public init(
        sentinelLives: Bool, sentinel: SentinelState, fedUnder: SessionID?, isWatched: Bool, feedsWatchdog: Bool,
        portsUnder: SessionID?
    ) {
        self.sentinelLives = sentinelLives
        self.sentinel = sentinel
        self.fedUnder = fedUnder
        self.isWatched = isWatched
        self.feedsWatchdog = feedsWatchdog
        self.portsUnder = portsUnder
    }

    /// Nothing guards.
    public static let none = Self(
        sentinelLives: false, sentinel: .idle, fedUnder: nil, isWatched: false, feedsWatchdog: false, portsUnder: nil)
}

/// Decides what a cell may claim of its guards with a renewal: its silence will be taken for the freedom of what it lists; design 5.4.
public enum GuardReportRule {
    /// Only guards that live at this moment and are fed under this very session count, and only volumes whose writers lie under them.
    ///
    /// - Parameter volumes: `CellMachine.guardedVolumes`.
    public static func report(_ sight: GuardSight, session: SessionID?, volumes: [GuardedVolume]) -> GuardReport {
        guard let session else { return .none }
        var armed: Set<GuardKind> = []
        let lives = sight.sentinelLives || Planted.has(.armedBelievedAfterDeath)
        if lives, sight.sentinel == .armed, sight.fedUnder == session {
            armed.insert(.sentinel)
            if sight.isWatched { armed.insert(.watcher) }
            if sight.feedsWatchdog { armed.insert(.watchdog) }
        }
        if sight.portsUnder == session { armed.insert(.ports) }
        return GuardReport(armed: armed, volumes: volumes)
    }
}

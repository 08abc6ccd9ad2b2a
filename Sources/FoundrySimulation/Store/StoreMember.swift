/// One of the store's members: where it runs, and what it has seen.
struct StoreMember {
    let node: NodeNumber
    var isUp = true
    /// Its machine, or it, stands still.
    var isPaused = false
    /// When it began to stand still.
    var wasLeader = false
    /// It hears the leader, and is heard.
    var isConnected = true
    /// What it has applied, brought up to date when it is read.
    var table = StoreTable()
    /// How long after the agreement it applies a change.
    var lag: SimulationDuration
    /// The newest revision that it knew when it was last connected.
    var seen: Int64 = 0
    /// Until then it takes itself for the leader, though another is.
    var deposedUntil = SimulationTime.zero

    var runs: Bool { isUp && !isPaused }

    init(node: NodeNumber, lag: SimulationDuration) {
        self.node = node
        self.lag = lag
    }
}

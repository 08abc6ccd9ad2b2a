/// Every sentence that a contract can have. Each is bound to the test that proves it: a test fails when one is not.
public enum ContractClause: String, Hashable, Sendable, Codable, CaseIterable {
    // On a crash
    case crashRestarts = "crash-restarts"
    case crashGivesUp = "crash-gives-up"
    case silenceRestarts = "silence-restarts"
    case unreadyUnrouted = "unready-unrouted"
    case hungDiskShown = "hung-disk-shown"
    case memoryLimit = "memory-limit"
    case platformDies = "platform-dies"
    // On a lost machine, in a partition
    case machineLostWaits = "machine-lost-waits"
    case availableWaitsWithoutReplica = "available-waits-without-replica"
    case partitionRunsOn = "partition-runs-on"
    case fenceByPower = "fence-by-power"
    case fenceByPerson = "fence-by-person"
    case beginsAnewEmpty = "begins-anew-empty"
    // What can be lost
    case syncNormal = "sync-normal"
    case syncImmediate = "sync-immediate"
    case syncDeferredByEngine = "sync-deferred-by-engine"
    case syncDeferredByPlatform = "sync-deferred-by-platform"
    case deferredHolds = "deferred-holds"
    case neverEmpty = "never-empty"
    case memoryOnly = "memory-only"
    case nothingKept = "nothing-kept"
    // Its disk
    case diskLimit = "disk-limit"
    case diskPace = "disk-pace"
    case stopKeeps = "stop-keeps"
    case deleteKeeps = "delete-keeps"
    // Several members
    case instancesApart = "instances-apart"
    case fewerInstancesKeep = "fewer-instances-keep"
    // Who reaches it
    case reachedFromHere = "reached-from-here"
    case reachedFromOutside = "reached-from-outside"
    case membersApart = "members-apart"
}

/// One sentence of one app's contract.
public struct ContractSentence: Hashable, Sendable, Codable {
    public var clause: ContractClause
    public var text: String

    public init(clause: ContractClause, text: String) {
        self.clause = clause
        self.text = text
    }
}

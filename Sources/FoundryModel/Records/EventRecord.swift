/// An immutable fact: what happened, to what, when, why, who asked.
public struct EventRecord: Hashable, Sendable, Codable {
    public var id: EventID
    public var time: Timestamp
    public var kind: EventName
    public var app: AppID?
    /// The name of what it happened to, as people know it: `demo`, `demo/0`, `volume demo/0`.
    public var subject: String
    /// One sentence; no secret.
    public var message: String
    /// `operator`, `controller`, a cell's id.
    public var actor: String

    public init(
        id: EventID, time: Timestamp, kind: EventName, app: AppID?, subject: String, message: String, actor: String
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.app = app
        self.subject = subject
        self.message = message
        self.actor = actor
    }
}

/// Dotted, as in Cloud Foundry's audit events: the thing, then what happened to it.
public enum EventName: String, Hashable, Sendable, Codable, CaseIterable {
    case appPushed = "app.pushed"
    case appStarted = "app.started"
    case appStopped = "app.stopped"
    case appRestarted = "app.restarted"
    case appDeleted = "app.deleted"
    case memberPlaced = "member.placed"
    case memberUnplaced = "member.unplaced"
    case memberRunning = "member.running"
    case memberExited = "member.exited"
    case memberCrashed = "member.crashed"
    case memberUnhealthy = "member.unhealthy"
    case memberUnready = "member.unready"
    case memberStopped = "member.stopped"
    case memberRefused = "member.refused"
    case memberRemoved = "member.removed"
    case volumeGranted = "volume.granted"
    case volumeMade = "volume.made"
    case volumeSealed = "volume.sealed"
    case volumeKept = "volume.kept"
    case volumePurged = "volume.purged"
    case volumeUnknown = "volume.unknown"
    case cellExpired = "cell.expired"
    case cellReturned = "cell.returned"
    case cellReplaced = "cell.replaced"
    case fenceOpened = "fence.opened"
    case fenceEvidence = "fence.evidence"
    case fenceLifted = "fence.lifted"
    case brakeEngaged = "brake.engaged"
    case volumeHandedOver = "volume.handed_over"
    case volumeForked = "volume.forked"
    case volumeOvertaken = "volume.overtaken"
    case rolloutEnded = "rollout.ended"
    case snapshotTaken = "snapshot.taken"
    case snapshotFailed = "snapshot.failed"
    case snapshotRemoved = "snapshot.removed"
    case volumeRewound = "volume.rewound"
    case volumeUnmade = "volume.unmade"
    // What operators do
    case appScaled = "app.scaled"
    case appHealthChanged = "app.health_changed"
    case appCloned = "app.cloned"
    case appRewound = "app.rewound"
    case cellDrained = "cell.drained"
    case cellUndrained = "cell.undrained"
    case maintenanceBegun = "maintenance.begun"
    case maintenanceEnded = "maintenance.ended"
    case brakeReleased = "brake.released"
    case volumeAdopted = "volume.adopted"
    case storeRestored = "store.restored"
    case tokenCreated = "token.created"
    case tokenRevoked = "token.revoked"
    case releaseInstalled = "release.installed"
    case releaseRemoved = "release.removed"
    case serviceCreated = "service.created"
    case serviceUpdated = "service.updated"
    case serviceRenamed = "service.renamed"
    case serviceDeleted = "service.deleted"
    /// What was asked for is done, or cannot be.
    case serviceReady = "service.ready"
    case serviceFailed = "service.failed"
    case serviceGone = "service.gone"
    case bindingCreated = "binding.created"
    case bindingReady = "binding.ready"
    case bindingFailed = "binding.failed"
    case bindingRemoved = "binding.removed"
    case bindingGone = "binding.gone"
    case credentialCreated = "credential.created"
    case credentialRevoked = "credential.revoked"
}

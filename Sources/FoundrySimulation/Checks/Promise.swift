/// What the product promises (design sections 1, 4 and 5), each bound to the invariants that would show a broken promise.
public enum Promise: String, CaseIterable, Sendable {
    case acknowledgedDataIsKept = "acknowledged-data-is-kept"
    case oneWriterOfABranch = "one-writer-of-a-branch"
    case comesBackByItself = "comes-back-by-itself"
    case saysWhy = "says-why"
    case consistentNeverGuesses = "consistent-never-guesses"
    case availableKeepsTheFork = "available-keeps-the-fork"
    case leastEvidence = "least-evidence"
    case renewalIsATransaction = "renewal-is-a-transaction"
    case expiryIsATransaction = "expiry-is-a-transaction"
    case termComparedByEveryWrite = "term-compared-by-every-write"
    case guardingIsAcknowledged = "guarding-is-acknowledged"
    case guardsActInTime = "guards-act-in-time"
    case timingIsSound = "timing-is-sound"
    case evidenceNamesItsFence = "evidence-names-its-fence"
    case brakeStopsFencing = "brake-stops-fencing"
    case labelsAreTrue = "labels-are-true"
    case comingBackDestroysNothing = "coming-back-destroys-nothing"
    case restoreStartsNothingUnheard = "restore-starts-nothing-unheard"
    case bindingsAreTrue = "bindings-are-true"
    case deletedServicesAreGone = "deleted-services-are-gone"

    /// Where the design says it.
    public var source: String {
        switch self {
        case .acknowledgedDataIsKept: "1, first promise"
        case .oneWriterOfABranch: "1, second promise"
        case .comesBackByItself: "1, third promise"
        case .saysWhy: "1, fourth promise"
        case .consistentNeverGuesses, .availableKeepsTheFork: "4, --restart-policy"
        case .leastEvidence: "4, --fence"
        case .renewalIsATransaction: "5.1"
        case .expiryIsATransaction: "5.2"
        case .termComparedByEveryWrite: "5.3"
        case .guardingIsAcknowledged: "5.4"
        case .guardsActInTime: "5.5"
        case .timingIsSound: "5.6"
        case .evidenceNamesItsFence: "5.7"
        case .brakeStopsFencing: "5.8"
        case .labelsAreTrue: "5.9"
        case .comingBackDestroysNothing: "5.10"
        case .restoreStartsNothingUnheard: "5.10, restore"
        case .bindingsAreTrue, .deletedServicesAreGone: "decision 0020"
        }
    }

    public var invariants: [Invariant] {
        switch self {
        case .acknowledgedDataIsKept: [.acknowledgedKept, .lossWithinContract]
        case .oneWriterOfABranch: [.oneWriter, .epochsInOrder]
        case .comesBackByItself:
            [
                .converges, .workBounded, .oneMoveForOneFault, .routesCurrent, .withinCapacity, .constraintsHold,
            ]
        case .saysWhy: [.operationsEnd, .onceOnly, .everyRejectionKnown]
        case .consistentNeverGuesses: [.acknowledgedKept, .evidenceFirst]
        case .availableKeepsTheFork: [.forkKept, .lossWithinContract]
        case .leastEvidence: [.evidenceFirst]
        case .renewalIsATransaction: [.tokensGrow, .storeLinearizable]
        case .expiryIsATransaction: [.tokensGrow, .guardsInTime, .watchComplete]
        case .termComparedByEveryWrite: [.oneController]
        case .guardingIsAcknowledged: [.unguardedRunsOn, .evidenceFirst]
        case .guardsActInTime: [.guardsInTime, .oneWriter]
        case .timingIsSound: [.guardsInTime]
        case .evidenceNamesItsFence: [.oldNewsConfirmsNothing, .evidenceFirst]
        case .brakeStopsFencing: [.brakeHolds]
        case .labelsAreTrue: [.neverEmpty, .epochsInOrder, .labelFirst]
        case .comingBackDestroysNothing: [.nothingLost, .nothingOrphaned, .unknownUntouched]
        case .restoreStartsNothingUnheard: [.tokensGrow, .evidenceFirst]
        case .bindingsAreTrue: [.bindingHasItsUser, .removedUserStaysOut]
        case .deletedServicesAreGone: [.serviceLeavesNothing, .serviceKept, .onceOnly]
        }
    }
}

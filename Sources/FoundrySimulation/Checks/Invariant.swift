/// What must hold in every simulated world, whatever goes wrong in it. Each failure names one of these.
public enum Invariant: String, CaseIterable, Sendable {
    // Data, judged at the simulated disks
    case oneWriter = "one-writer"
    case epochsInOrder = "epochs-in-order"
    case labelFirst = "label-first"
    case acknowledgedKept = "acknowledged-kept"
    case lossWithinContract = "loss-within-contract"
    case forkKept = "fork-kept"
    case neverEmpty = "never-empty"
    // Evidence, judged at the records and at the machines
    case evidenceFirst = "evidence-first"
    case oldNewsConfirmsNothing = "old-news-confirms-nothing"
    case unguardedRunsOn = "unguarded-runs-on"
    case guardsInTime = "guards-in-time"
    case brakeHolds = "brake-holds"
    // The store and its tokens
    case tokensGrow = "tokens-grow"
    case oneController = "one-controller"
    case storeLinearizable = "store-linearizable"
    case watchComplete = "watch-complete"
    case unknownUntouched = "unknown-untouched"
    // What is left when it is quiet again
    case nothingOrphaned = "nothing-orphaned"
    case nothingLost = "nothing-lost"
    case routesCurrent = "routes-current"
    case operationsEnd = "operations-end"
    case onceOnly = "once-only"
    case converges
    case workBounded = "work-is-bounded"
    case oneMoveForOneFault = "one-move-for-one-fault"
    // Services
    case bindingHasItsUser = "binding-has-its-user"
    case removedUserStaysOut = "removed-user-stays-out"
    case serviceLeavesNothing = "service-leaves-nothing"
    case serviceKept = "service-kept"
    // Placement
    case withinCapacity = "within-capacity"
    case constraintsHold = "constraints-hold"
    // Machines of ours
    case everyRejectionKnown = "every-rejection-known"

    public var sentence: String {
        switch self {
        case .oneWriter: "There are never two that can write to one branch of a volume."
        case .epochsInOrder: "Bytes written under an epoch never follow bytes of a later one on the same branch."
        case .labelFirst: "A holder serves only under an epoch that its volume's label already has, on the disk itself."
        case .acknowledgedKept:
            "Under `consistent` every acknowledged write is there when a holder starts, and at the end."
        case .lossWithinContract:
            "Under `available` and `defer` no more is missing than the contract allows: what is in a fork, or in the last milliseconds."
        case .forkKept: "What was left behind as a fork stays until a person lets it go."
        case .neverEmpty: "Empty, foreign, older or unsealed data never starts as the current copy."
        case .evidenceFirst:
            "A replacement starts only after the confirmed evidence that its workload asks for, when the old holder cannot write any more."
        case .oldNewsConfirmsNothing:
            "Evidence counts for the fence, the incarnation and the epoch that it names, and for no other."
        case .unguardedRunsOn: "A member that is not guarded is never stopped by the control plane's absence."
        case .guardsInTime: "A guarded holder can't write any more when its session has expired."
        case .brakeHolds: "Never more cells expire at once than the brake allows."
        case .tokensGrow: "Terms, sequences of sessions and epochs only grow, over restarts and restores."
        case .oneController: "Only the holder of the newest term writes as the controller."
        case .storeLinearizable: "The store's history is linearizable."
        case .watchComplete: "A watcher sees each change once and in order, or is told of a gap."
        case .unknownUntouched: "Stored things of unknown shape stay as they are."
        case .nothingOrphaned: "No container, volume or route is left that no record knows."
        case .nothingLost: "No container, volume or route is missing that the records ask for."
        case .routesCurrent: "A route never leads to an older holder than it did before."
        case .operationsEnd: "Every operation ends, or waits and says for what."
        case .onceOnly: "The same request twice has one effect."
        case .converges: "When the world has healed, everything is as it should be within a bound."
        case .workBounded: "Whatever goes wrong, what is done about it in a minute has a bound."
        case .oneMoveForOneFault: "One fault moves a volume at most once."
        case .bindingHasItsUser: "A binding that can be used has its user in the data that serves."
        case .removedUserStaysOut:
            "A user who was removed, or whom no binding names, is not in the data that serves."
        case .serviceLeavesNothing: "Of a service that is told gone nothing is left."
        case .serviceKept: "A service that was acknowledged stays until somebody deletes it."
        case .withinCapacity: "No cell holds more than it has."
        case .constraintsHold: "Members of one workload lie on different cells, and none is placed where none may be."
        case .everyRejectionKnown: "A machine of ours rejects an event only for a reason that it names."
        }
    }
}

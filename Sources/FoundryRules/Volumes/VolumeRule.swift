import FoundryModel

/// Decides whether a volume on a pool may serve as what an order says it is.
///
/// Empty, foreign, older or unsealed data never starts as the current copy; a refused volume is left exactly as it is.
/// - Source: design section 5.9.
public enum VolumeRule {
    public enum Verdict: Hashable, Sendable {
        /// Nothing is there, and nothing ever was.
        case create
        /// Take it under the order's epoch, or go on holding it.
        case accept
        /// It was sealed under the order's epoch, and a sealed epoch is over: it is taken under the next one, once that is ordered.
        case awaitGrant
        case refuse(FoundryError)
    }

    /// Judges what lies beside the data.
    ///
    /// - Parameter observation: nil when the pool has nothing of this id.
    /// - Parameter promised: the newest epoch at which the cell promised not to start it again.
    public static func decide(
        _ order: VolumeOrder, observation: VolumeObservation?, promised: Epoch? = nil, site: VolumeSite
    ) -> Verdict {
        if site.isCopy {
            return refuse(.volumeForeign, order, "lies in a data directory that was copied from another machine.")
        }
        guard let observation else {
            if let promised, order.epoch <= promised { return refusePromised(order, promised) }
            return order.purpose.mayCreate
                ? .create : refuse(.volumeMissing, order, "was made once, and is not on this cell's pool.")
        }
        switch observation.label {
        case .absent: return refuse(.volumeUnreadable, order, "lies on the pool without a label.")
        case .unreadable(let reason):
            return refuse(.volumeUnreadable, order, "has a label that cannot be read (\(reason)).")
        case .label(let label):
            let verdict = judge(label, order, site)
            if verdict == .accept, let promised, order.epoch <= promised { return refusePromised(order, promised) }
            return verdict
        }
    }

    /// Judges what lies inside the mounted file system: it must be the data that the label beside it speaks of.
    ///
    /// Taking writes inside first: killed in between, the inside is ahead of the label, by an epoch that nobody wrote under. It is never behind.
    /// - Parameter outer: the label beside the data, which `decide` accepted.
    public static func decideInside(_ order: VolumeOrder, outer: VolumeLabel, inner: LabelReading) -> Verdict {
        switch inner {
        case .absent:
            if Planted.has(.emptyVolumeStarts) { return .accept }
            return refuse(.volumeEmpty, order, "was made once, and its file system is empty.")
        case .unreadable(let reason):
            return refuse(.volumeUnreadable, order, "has a label inside that cannot be read (\(reason)).")
        case .label(let label):
            // A promotion that was broken off has the new branch inside already.
            guard label.volume == order.id, label.lineage == order.lineage,
                label.branch == outer.branch || label.branch == order.branch
            else { return refuse(.volumeForeign, order, "carries the data of another volume inside.") }
            if label.epoch < outer.epoch {
                return refuse(.volumeOlder, order, "carries older data inside than its label says.")
            }
            if label.epoch > order.epoch {
                return refuse(.volumeNewer, order, "carries newer data inside than the order knows of.")
            }
            return .accept
        }
    }

    /// What the label says once the volume is what the order wants it to be.
    ///
    /// - Parameter found: its label now, which `decide` accepted.
    public static func label(_ found: VolumeLabel, for order: VolumeOrder, machineID: String) -> VolumeLabel {
        var label = found
        label.epoch = order.epoch
        label.branch = order.branch
        label.sealed = false
        label.machineID = machineID
        switch order.purpose {
        case .serve, .promote, .make, .keep, .delete: label.role = .holder
        case .follow: label.role = .replica
        }
        return label
    }

    /// Whether a cell that keeps a volume will come to say that it lies sealed as its record wants it: of one that is missing, or another's, none ever will.
    ///
    /// - Parameter status: what the cell says of it; nil when it has nothing of this id.
    static func canBeSealed(_ volume: VolumeRecord, status: VolumeStatus?, machineID: String) -> Bool {
        guard let status else { return !volume.isMade }
        guard let label = status.label, label.lineage == volume.lineage, label.branch == volume.branch,
            label.role == .holder
        else { return false }
        return label.sealed
            ? label.epoch == volume.epoch || label.epoch == volume.sealedAt
            : label.epoch == volume.epoch && label.machineID == machineID
    }

    /// Whether an error says that the data is not what it should be, so that trying again would not help.
    static func isVerdictOnData(_ code: ErrorCode) -> Bool {
        [.volumeMissing, .volumeEmpty, .volumeForeign, .volumeUnreadable].contains(code)
    }

    private static func refusePromised(_ order: VolumeOrder, _ promised: Epoch) -> Verdict {
        refuse(
            .volumeOlder, order,
            "was fenced: this cell promised not to start it under epoch \(promised) or an older one again.")
    }

    static func refuse(_ code: ErrorCode, _ order: VolumeOrder, _ predicate: String) -> Verdict {
        .refuse(
            FoundryError(
                code, "Volume \(order.id.short) \(predicate)",
                detail: "volume \(order.id), lineage \(order.lineage), epoch \(order.epoch)",
                hint: "foundry volumes"))
    }
}

/// Where a volume lies.
public struct VolumeSite: Hashable, Sendable {
    public var machineID: String
    /// For which the data directory was set up; nil where none is recorded.
    public var homeMachineID: String?

    public init(machineID: String, homeMachineID: String? = nil) {
        self.machineID = machineID
        self.homeMachineID = homeMachineID
    }

    /// An incarnation belongs to a data directory and a machine: on another machine it is a copy, of which the original may live.
    public var isCopy: Bool { !Planted.has(.cloneAccepted) && homeMachineID != nil && homeMachineID != machineID }

    /// Whether a label was written here, so that what it does not say to be sealed can still be gone on with.
    func wrote(_ label: VolumeLabel) -> Bool { Planted.has(.cloneAccepted) || label.machineID == machineID }
}

extension VolumePurpose {
    var mayCreate: Bool {
        switch self {
        case .serve(_, _, let mayCreate), .follow(_, let mayCreate): mayCreate
        case .promote, .make, .keep, .delete: false
        }
    }
}

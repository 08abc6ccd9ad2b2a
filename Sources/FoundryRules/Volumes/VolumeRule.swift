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
    public static func decide(
        _ order: VolumeOrder, sealedAt: Epoch, mayCreate: Bool, observation: VolumeObservation?, machineID: String
    ) -> Verdict {
        guard let observation else {
            return mayCreate
                ? .create : refuse(.volumeMissing, order, "was made once, and is not on this cell's pool.")
        }
        switch observation.label {
        case .absent: return refuse(.volumeUnreadable, order, "lies on the pool without a label.")
        case .unreadable(let reason):
            return refuse(.volumeUnreadable, order, "has a label that cannot be read (\(reason)).")
        case .label(let label): return judge(label, order, sealedAt, machineID)
        }
    }

    /// Judges what lies inside the mounted file system: it must be the data that the label beside it speaks of.
    ///
    /// Taking writes inside first: killed in between, the inside is ahead of the label, by an epoch that nobody wrote under. It is never behind.
    /// - Parameter outer: the label beside the data, which `decide` accepted.
    public static func decideInside(_ order: VolumeOrder, outer: VolumeLabel, inner: LabelReading) -> Verdict {
        switch inner {
        case .absent: return refuse(.volumeEmpty, order, "was made once, and its file system is empty.")
        case .unreadable(let reason):
            return refuse(.volumeUnreadable, order, "has a label inside that cannot be read (\(reason)).")
        case .label(let label):
            guard label.volume == order.id, label.lineage == order.lineage, label.branch == order.branch else {
                return refuse(.volumeForeign, order, "carries the data of another volume inside.")
            }
            if label.epoch < outer.epoch {
                return refuse(.volumeOlder, order, "carries older data inside than its label says.")
            }
            if label.epoch > order.epoch {
                return refuse(.volumeNewer, order, "carries newer data inside than the order knows of.")
            }
            return .accept
        }
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

    private static func judge(
        _ label: VolumeLabel, _ order: VolumeOrder, _ sealedAt: Epoch, _ machineID: String
    ) -> Verdict {
        guard label.volume == order.id, label.lineage == order.lineage, label.branch == order.branch,
            label.role == .holder
        else {
            return refuse(.volumeForeign, order, "is labelled as another volume, branch or role.")
        }
        if label.epoch > order.epoch {
            return refuse(.volumeNewer, order, "was held under epoch \(label.epoch), the order has \(order.epoch).")
        }
        if label.epoch == order.epoch {
            if label.sealed { return .awaitGrant }
            guard label.machineID == machineID else {
                return refuse(.volumeForeign, order, "was last written by another machine, and not sealed there.")
            }
            return .accept
        }
        guard label.epoch == sealedAt else {
            return refuse(
                .volumeOlder, order, "is a copy of epoch \(label.epoch); its last holder sealed it under \(sealedAt).")
        }
        guard label.sealed else {
            return refuse(.volumeUnsealed, order, "was not sealed by its last holder, epoch \(label.epoch).")
        }
        return .accept
    }

    private static func refuse(_ code: ErrorCode, _ order: VolumeOrder, _ predicate: String) -> Verdict {
        .refuse(
            FoundryError(
                code, "Volume \(order.id.short) \(predicate)",
                detail: "volume \(order.id), lineage \(order.lineage), epoch \(order.epoch)",
                hint: "foundry volumes"))
    }
}

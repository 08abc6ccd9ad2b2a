import FoundryModel

extension VolumeRule {
    /// Judges a label that can be read by what the volume is wanted for.
    static func judge(_ label: VolumeLabel, _ order: VolumeOrder, _ site: VolumeSite) -> Verdict {
        guard label.volume == order.id, label.lineage == order.lineage else { return refuseForeign(order) }
        if label.epoch > order.epoch {
            return refuse(.volumeNewer, order, "was held under epoch \(label.epoch), the order has \(order.epoch).")
        }
        switch order.purpose {
        case .promote(_, let origin): return judgeCopy(label, origin, order, site)
        case .follow: return judgeFollower(label, order, site)
        case .serve(_, let sealedAt, _): return judgeHolder(label, sealedAt, order, site)
        case .make, .keep, .delete: return refuse(.conflict, order, "is not to serve anybody.")
        }
    }

    /// It was the holder's, and is to be again.
    private static func judgeHolder(
        _ label: VolumeLabel, _ sealedAt: Epoch, _ order: VolumeOrder, _ site: VolumeSite
    ) -> Verdict {
        guard label.branch == order.branch, label.role == .holder else { return refuseForeign(order) }
        if label.epoch == order.epoch { return judgeHeld(label, order, site) }
        guard label.epoch == sealedAt else {
            return refuse(
                .volumeOlder, order, "is a copy of epoch \(label.epoch); its last holder sealed it under \(sealedAt).")
        }
        return label.sealed ? .accept : refuseUnsealed(label, order)
    }

    private static func judgeHeld(_ label: VolumeLabel, _ order: VolumeOrder, _ site: VolumeSite) -> Verdict {
        if label.sealed { return .awaitGrant }
        guard site.wrote(label) else { return refuseElsewhere(order) }
        return .accept
    }

    /// A copy that takes over: a replica of the branch that it comes from, or what the holder of that branch sealed.
    private static func judgeCopy(
        _ label: VolumeLabel, _ origin: CopyOrigin, _ order: VolumeOrder, _ site: VolumeSite
    ) -> Verdict {
        if label.branch == order.branch, label.role == .holder, label.epoch == order.epoch {
            return judgeHeld(label, order, site)
        }
        guard label.branch == origin.branch, label.epoch < order.epoch else { return refuseForeign(order) }
        guard label.epoch >= origin.epoch else {
            return refuse(
                .volumeOlder, order, "is a copy of epoch \(label.epoch), and one of \(origin.epoch) is wanted.")
        }
        if label.sealed { return .accept }
        guard site.wrote(label) else { return refuseElsewhere(order) }
        return label.role == .replica ? .accept : refuseUnsealed(label, order)
    }

    /// A replica goes on, also with a branch that was begun from a newer copy than its own; or a former holder begins to follow: not one that may have
    /// written more than its successor knows.
    private static func judgeFollower(_ label: VolumeLabel, _ order: VolumeOrder, _ site: VolumeSite) -> Verdict {
        let followsFork = label.role == .replica && label.branch < order.branch && label.epoch < order.epoch
        guard label.branch == order.branch || followsFork else { return refuseForeign(order) }
        switch label.role {
        case .replica:
            return site.wrote(label) || label.sealed ? .accept : refuseElsewhere(order)
        case .holder:
            guard label.sealed else { return refuseUnsealed(label, order) }
            return label.epoch < order.epoch ? .accept : .awaitGrant
        }
    }

    private static func refuseForeign(_ order: VolumeOrder) -> Verdict {
        refuse(.volumeForeign, order, "is labelled as another volume, branch or role.")
    }

    private static func refuseElsewhere(_ order: VolumeOrder) -> Verdict {
        refuse(.volumeForeign, order, "was last written by another machine, and not sealed there.")
    }

    private static func refuseUnsealed(_ label: VolumeLabel, _ order: VolumeOrder) -> Verdict {
        refuse(.volumeUnsealed, order, "was not sealed by its last holder, epoch \(label.epoch).")
    }
}

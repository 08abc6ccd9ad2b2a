import FoundryModel
import FoundryRules

/// Writes labels, and refuses to write over one that is not the same volume's.
///
/// The outer label (beside the data) has the last word on who holds the volume and whether it is sealed. The inner one travels with the data and says
/// which data it is; whether it says "sealed" means nothing. So each crash leaves a state that can be told:
/// - before, or while the inner is written: the old labels, whole;
/// - taken inside, the outer not yet: outer at an older epoch, sealed; inner at the new epoch. The inner is never behind: older data put back shows;
/// - unmounted, not yet sealed: outer and inner at the epoch, not sealed: it is sealed when asked again;
/// - sealed: outer at the epoch, sealed; inner at the epoch.
struct VolumeLabelling {
    let places: VolumePlaces

    func take(_ label: VolumeLabel) throws(FoundryError) {
        let outer = places.label(label.volume)
        let inner = places.innerLabel(label.volume)
        let found = (outer: VolumeLabelFile.read(outer), inner: VolumeLabelFile.read(inner))
        try requireSame(label, found.outer)
        try requireSame(label, found.inner)
        if found.inner != .label(label) { try VolumeLabelFile.write(label, to: inner) }
        if found.outer != .label(label) { try VolumeLabelFile.write(label, to: outer) }
    }

    func seal(_ label: VolumeLabel) throws(FoundryError) {
        let outer = places.label(label.volume)
        let found = VolumeLabelFile.read(outer)
        try requireSame(label, found)
        var sealed = label
        sealed.sealed = true
        if found != .label(sealed) { try VolumeLabelFile.write(sealed, to: outer) }
    }

    private func requireSame(_ label: VolumeLabel, _ reading: LabelReading) throws(FoundryError) {
        switch reading {
        case .absent:
            throw FoundryError(.volumeEmpty, "A label of volume \(label.volume) is gone.")
        case .unreadable(let reason):
            throw FoundryError(
                .volumeUnreadable, "A label of volume \(label.volume) cannot be read; it is left as it is.",
                detail: reason)
        case .label(let found):
            guard found.volume == label.volume, found.lineage == label.lineage, found.branch == label.branch else {
                throw FoundryError(
                    .volumeForeign, "Volume \(label.volume) carries another volume's data; it is left as it is.",
                    detail: "label of volume \(found.volume), lineage \(found.lineage), branch \(found.branch)")
            }
            guard found.epoch <= label.epoch else {
                throw FoundryError(
                    .volumeNewer, "Volume \(label.volume) was held under a newer epoch than this order's.",
                    detail: "label \(found.epoch), order \(label.epoch)")
            }
        }
    }
}

import FoundryModel

extension CellMachine {
    /// Sets a volume as its member's policy has it.
    func tuningStep(_ volume: VolumeObservation, _ member: MemberOrder) -> CellEffect? {
        guard let wanted = tuning(of: volume, for: member), wanted != volume.tuning else { return nil }
        return .tuneVolume(volume.id, wanted)
    }

    /// The volume is as its member's policy has it; a member without one has nothing to wait for.
    func isTuned(_ member: MemberOrder) -> Bool {
        guard let id = member.volume, let volume = volumes[id] else { return true }
        return tuningStep(volume, member) == nil
    }

    /// Every write is synced from when the member serves, not before: an engine that begins a volume, or recovers one, would take minutes over it,
    /// and acknowledges nothing yet. What was synchronous stays so.
    private func tuning(of volume: VolumeObservation, for member: MemberOrder) -> VolumeTuning? {
        guard let disk = member.spec.disk else { return nil }
        let serves = volume.tuning.isSynchronous || health[member.id]?.state == .healthy
        return VolumeTuning(isSynchronous: disk.sync == .immediate && serves, io: disk.io)
    }
}

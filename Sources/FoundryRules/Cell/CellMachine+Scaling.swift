import FoundryModel

/// A member's room follows its order while it runs: the label of its volume says how large that is, its container how much is allowed to it.
extension CellMachine {
    /// Only larger: an order that is smaller than what is there changes nothing.
    func growthStep(_ volume: VolumeObservation, _ order: VolumeOrder, _ member: MemberOrder) -> CellEffect? {
        guard case .label(var label) = volume.label, label.size < order.size else { return nil }
        guard observation?.growsAtRest == false || isAtRest(member, volume.id) else { return nil }
        label.size = order.size
        return .growVolume(label)
    }

    /// Its volume is about to grow, and nothing may use it until then. Growing is tried once before a start: a member starts with what it has rather than
    /// not at all.
    func awaitsGrowth(_ member: MemberOrder) -> Bool {
        guard observation?.growsAtRest == true, let id = member.volume, let volume = volumes[id],
            let order = order(of: id)
        else { return false }
        return growthStep(volume, order, member) != nil
    }

    private func isAtRest(_ member: MemberOrder, _ volume: VolumeID) -> Bool {
        containers[member.id] == nil && !isCreating(member.id) && retries[.volume(volume)] == nil
    }

    func limitStep(_ container: ContainerObservation, _ member: MemberOrder) -> CellEffect? {
        guard let limits = container.limits, limits != member.spec.limits else { return nil }
        return .limitContainer(member.id, member.spec.limits)
    }
}

import FoundryModel

/// A running member whose volume the cell flushes for it.
public struct DeferredVolume: Hashable, Sendable {
    public var member: MemberID
    public var pid: Int32
    public var volume: VolumeID
    /// From the end of a flush to the begin of the next.
    public var milliseconds: Int64
}

extension CellMachine {
    /// Those whose program's syncs return at once, sorted by member.
    public func deferredVolumes() -> [DeferredVolume] {
        guard let orders else { return [] }
        return orders.members.compactMap { order -> DeferredVolume? in
            guard let disk = order.spec.disk, let volume = order.volume, volumes[volume]?.isMounted == true,
                let container = containers[order.id], case .running(let pid, _) = container.phase
            else { return nil }
            if container.generation != order.generation,
                let before = deferredBefore.first(where: { $0.member == order.id && $0.pid == pid })
            {
                return before
            }
            guard case .platform(let milliseconds) = DeferralRule.deferral(disk, order.spec.image) else { return nil }
            return DeferredVolume(member: order.id, pid: pid, volume: volume, milliseconds: milliseconds)
        }.sorted { $0.member < $1.member }
    }

    /// What it goes on to acknowledge may never reach the disk: it gets no time to end by itself.
    mutating func noteFailedFlush(of member: MemberID, _ error: FoundryError, now: Moment) {
        guard stops[member] == nil else { return }
        stops[member] = ContainerStop(
            reason: "was stopped: what it wrote could not be flushed to its disk (\(error))",
            signalledAt: now.monotonic + -Self.stopGraceMilliseconds)
        mark(member)
    }
}

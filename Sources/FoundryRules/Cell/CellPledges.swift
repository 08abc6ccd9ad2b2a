import FoundryModel

/// What a cell promised to fences, and what they ask for.
struct CellPledges: Sendable {
    /// On the disk, by fence.
    private(set) var kept: [FenceID: [VolumePromise]] = [:]
    /// That may be on the disk: a write of them was begun.
    private var begun: [FenceID: [VolumePromise]] = [:]
    private var asked: [FenceOrder] = []
    /// The newest epoch at which a volume must not be started, by what was promised, may have been, or is asked for.
    private(set) var barred: [VolumeID: Epoch] = [:]

    mutating func begin(with found: [FenceID: [VolumePromise]]) {
        kept = found
        refresh()
    }

    mutating func follow(_ fences: [FenceOrder]) {
        guard fences != asked else { return }
        asked = fences
        refresh()
    }

    mutating func begin(_ fence: FenceID, _ promises: [VolumePromise]) {
        begun[fence] = promises
        refresh()
    }

    mutating func keep(_ fence: FenceID, _ promises: [VolumePromise]) {
        kept[fence] = promises
        begun[fence] = nil
        refresh()
    }

    private mutating func refresh() {
        barred.removeAll(keepingCapacity: true)
        for promise in kept.values.joined() { bar(promise) }
        for promise in begun.values.joined() { bar(promise) }
        for promise in asked.lazy.map(\.promises).joined() { bar(promise) }
    }

    private mutating func bar(_ promise: VolumePromise) {
        barred[promise.volume] = max(barred[promise.volume] ?? .none, promise.epoch)
    }
}

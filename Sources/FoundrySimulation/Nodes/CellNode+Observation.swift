import FoundryModel
import FoundryRules

extension CellNode {
    /// What a cell's process finds of ours on its machine.
    func observation() -> CellObservation {
        var found = CellObservation(machineID: machineID, bootID: machine.bootID, capacity: capacity)
        for place in disk.files.indices { note(disk.files[place], in: &found) }
        found.volumes.sort { $0.id < $1.id }
        found.containers = containers.compactMap { $0?.observation }.sorted { $0.member < $1.member }
        found.rootfs = rootfs
        found.networks = networks
        found.guarded = Set(containers.compactMap { $0?.isGuarded == true ? $0?.member : nil })
        found.isLatched = isFrozen
        found.links = links
        return found
    }

    private func note(_ state: DiskFileState<CellFile>, in found: inout CellObservation) {
        switch (state.file.kind, state.cached) {
        case (_, .absent): break
        case (.outerLabel, _):
            if let volume = observe(volume: Int(state.file.number)) { found.volumes.append(volume) }
        case (.identity, .value(.identity(let incarnation, let home))):
            found.incarnation = incarnation
            found.homeMachineID = home
        case (.promise, .value(.promises(let fence, let promises))):
            found.promises[fence] = promises
            notePromised(state)
        case (.history, .value(.history(let member, let history))): found.histories[member] = history
        case (.innerLabel, _), (.promise, _), (.identity, _), (.history, _), (.journal, _), (.probe, _), (.other, _),
            (.users, _):
            break
        }
    }

    /// What was being written when the process before this one was killed reached the disk, and nobody said so.
    private func notePromised(_ state: DiskFileState<CellFile>) {
        guard case .value(.promises(let fence, let promises)) = state.durable else { return }
        world.checker.promised(fence, promises, by: identity)
    }

    /// nil: the pool has nothing of it.
    func observe(volume: Int) -> VolumeObservation? {
        let outer = disk.contents(of: DiskFile(.outerLabel, volume))
        guard !outer.isAbsent else { return nil }
        let inner = mounted.contains(volume) ? reading(disk.contents(of: DiskFile(.innerLabel, volume))) : nil
        return VolumeObservation(id: world.numbers.volumes[volume], label: reading(outer), inner: inner)
    }

    private func reading(_ content: DiskContent<CellFile>) -> LabelReading {
        switch content {
        case .absent: .absent
        case .value(.label(let label)): .label(label)
        case .torn, .value: .unreadable("half written")
        }
    }
}

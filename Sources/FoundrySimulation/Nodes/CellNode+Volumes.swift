import FoundryModel
import FoundryRules

extension CellNode {
    private func ask(_ request: DiskRequest<CellFile>, _ run: Int32) -> Progress {
        submit(request, for: .effect(run: run, life: process.life))
        return .waits
    }

    private func result(_ volume: Int) -> Progress { .done(observe(volume: volume).map { .volume($0) } ?? .done) }

    /// Whole, or not at all: the label beside the data comes last, as the rename into place does.
    func create(_ order: VolumeOrder, _ machineID: String, _ step: Int, _ run: Int32) -> Progress {
        let volume = world.numbers.volume(order.id)
        guard disk.contents(of: DiskFile(.outerLabel, volume)).isAbsent else { return result(volume) }
        let role: VolumeRole
        if case .follow = order.purpose { role = .replica } else { role = .holder }
        let label = VolumeLabel(
            volume: order.id, lineage: order.lineage, branch: order.branch, epoch: .none, role: role, sealed: true,
            machineID: machineID, size: order.size)
        switch step {
        case 0: return ask(.setData(volume: volume, VolumeData()), run)
        case 1: return ask(.replace(DiskFile(.innerLabel, volume), .label(label)), run)
        default: return ask(.replace(DiskFile(.outerLabel, volume), .label(label)), run)
        }
    }

    func mount(_ id: VolumeID) -> Progress {
        let volume = world.numbers.volume(id)
        guard !disk.contents(of: DiskFile(.outerLabel, volume)).isAbsent else {
            return .failed(FoundryError(.volumeMissing, "Volume \(id.short) is not on the pool."))
        }
        mounted.insert(volume)
        return result(volume)
    }

    /// Inside first, then beside the data: killed in between, the inside is ahead.
    func take(_ label: VolumeLabel, _ step: Int, _ run: Int32) -> Progress {
        let volume = world.numbers.volume(label.volume)
        guard mounted.contains(volume) else { return .failed(FoundryError(.internalError, "it is not mounted")) }
        let isSynced = !Planted.has(.epochNotSyncedBeforeUse)
        let file = DiskFile(step == 0 ? .innerLabel : .outerLabel, volume)
        guard step < 2 else {
            world.checker.labelled(label, volume: volume, on: self)
            return result(volume)
        }
        return ask(isSynced ? .replace(file, .label(label)) : .overwrite(file, .label(label)), run)
    }

    func unmount(_ id: VolumeID, _ step: Int, _ run: Int32) -> Progress {
        let volume = world.numbers.volume(id)
        guard !containers.contains(where: { $0?.engine.volume == volume && $0?.isRunning == true }) else {
            return .failed(FoundryError(.internalError, "it is in use"))
        }
        if step == 0, mounted.contains(volume) { return ask(.syncData(volume: volume), run) }
        mounted.remove(volume)
        disk.forgetCache(ofVolume: volume)
        return result(volume)
    }

    func seal(_ label: VolumeLabel, _ step: Int, _ run: Int32) -> Progress {
        let volume = world.numbers.volume(label.volume)
        guard !mounted.contains(volume) else { return .failed(FoundryError(.internalError, "it is mounted")) }
        if step == 0 { return ask(.replace(DiskFile(.outerLabel, volume), .label(label)), run) }
        world.checker.labelled(label, volume: volume, on: self)
        return result(volume)
    }

    func delete(_ id: VolumeID, _ step: Int, _ run: Int32) -> Progress {
        let volume = world.numbers.volume(id)
        guard !mounted.contains(volume) else { return .failed(FoundryError(.internalError, "it is mounted")) }
        switch step {
        case 0:
            world.checker.deleted(volume: volume, on: self)
            return ask(.remove(DiskFile(.outerLabel, volume)), run)
        case 1: return ask(.sync(DiskFile(.outerLabel, volume)), run)
        case 2: return ask(.remove(DiskFile(.innerLabel, volume)), run)
        case 3: return ask(.setData(volume: volume, nil), run)
        case 4 where !disk.contents(of: DiskFile(.users, volume)).isAbsent:
            return ask(.remove(DiskFile(.users, volume)), run)
        default: return .done(.done)
        }
    }
}

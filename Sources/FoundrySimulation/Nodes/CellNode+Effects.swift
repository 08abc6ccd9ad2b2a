import FoundryModel
import FoundryRules

extension CellNode {
    /// Does the next step of an effect; what the disk has to do is waited for.
    func carryOut(_ run: EffectRun, _ number: Int32) -> Progress {
        switch run.effect {
        case .unpackImage(_, let image):
            unpacked.insert(image.manifestDigest)
            return .done(.done)
        case .createVolume(let order, _, let machineID): return create(order, machineID, run.step, number)
        case .mountVolume(let id): return mount(id)
        case .takeVolume(let label): return take(label, run.step, number)
        case .unmountVolume(let id): return unmount(id, run.step, number)
        case .sealVolume(let label): return seal(label, run.step, number)
        case .deleteVolume(let id): return delete(id, run.step, number)
        case .readVolume(let id):
            return .done(observe(volume: world.numbers.volume(id)).map { .volume($0) } ?? .done)
        // Its disks sync when they are told to, have one pace, and are as large as anybody wants.
        case .growVolume(let label):
            return .done(observe(volume: world.numbers.volume(label.volume)).map { .volume($0) } ?? .done)
        case .limitContainer(let member, _):
            guard let container = container(of: member) else { return .failed(Self.noContainer) }
            return .done(.container(container.observation))
        case .tuneVolume(let id, _):
            return .done(observe(volume: world.numbers.volume(id)).map { .volume($0) } ?? .done)
        // On platforms of several machines no snapshots are taken.
        case .takeSnapshot(let order): return .done(.snapshot(SnapshotObservation(id: order.id, label: nil)))
        case .cloneVolume(let order, _, _):
            return .done(observe(volume: world.numbers.volume(order.id)).map { .volume($0) } ?? .done)
        case .deleteSnapshot: break
        case .createNetwork(_, let slot):
            networks.insert(slot)
            wholeNetworks.insert(slot)
        case .removeNetwork(let slot):
            networks.remove(slot)
            wholeNetworks.remove(slot)
        case .mountRootfs(let member, _): rootfs.insert(member)
        case .unmountRootfs(let member):
            guard container(of: member) == nil else {
                return .failed(FoundryError(.internalError, "its container exists"))
            }
            rootfs.remove(member)
        case .createContainer(let order):
            let container = container(of: order.id) ?? createContainer(order)
            return .done(.container(container.observation))
        case .startContainer(let member):
            guard let container = container(of: member) else { return .failed(Self.noContainer) }
            if case .created = container.phase { startContainer(container) }
            return .done(.container(container.observation))
        case .stopContainer(let member, _):
            guard let container = container(of: member) else { break }
            world.checker.stopping(container, on: self)
            give(.stop, to: container)
        case .killContainer(let member): if let container = container(of: member) { kill(container) }
        case .deleteContainer(let member): return delete(member)
        case .writeHistory(let member, let history):
            return file(DiskFile(.history, world.numbers.member(member)), .history(member, history), run.step, number)
        case .forgetMember(let member):
            return remove(DiskFile(.history, world.numbers.member(member)), run.step, number)
        case .guardMember(let member):
            guard let container = container(of: member) else { return .failed(Self.noContainer) }
            setGuarded(container, true)
        case .unguardMember(let member): if let container = container(of: member) { setGuarded(container, false) }
        case .wireMember(let order):
            guard let container = container(of: order.id), container.isRunning else { return .failed(Self.noContainer) }
            if !container.isFrozen, !container.isDead { container.engine.wire(order) }
        case .linkNetwork(let wanted): links = wanted
        // Its members find each other by address.
        case .writeHosts: break
        case .runVerb(let verb): return runVerb(verb, run.step, number)
        case .promise(let fence, let promises):
            let isSynced = !Planted.has(.confirmedWithoutSyncedPromise)
            if run.step == 1, isSynced { world.checker.promised(fence, promises, by: identity) }
            return file(
                DiskFile(.promise, world.numbers.fence(fence)), .promises(fence, promises), run.step, number,
                isSynced: isSynced)
        case .unlatch(let session):
            // One that holds nothing, and is fed under this session, has nothing to let go of.
            let isOpen = sentinelProcess.runs && sentinel?.state == .armed && sentinel?.session == session
            return isOpen || askSentinel(.unlatch(session)) ? .done(.done) : .failed(Self.notUnlatched)
        }
        return .done(.done)
    }

    /// Whose life its disk says that this is.
    var identity: IncarnationID? {
        guard case .value(.identity(let incarnation, _)) = disk.contents(of: DiskFile(.identity)) else { return nil }
        return incarnation
    }

    private static let noContainer = FoundryError(.internalError, "there is no such container")
    private static let notUnlatched = FoundryError(.internalError, "the sentinel keeps its latch")

    private func delete(_ member: MemberID) -> Progress {
        if let container = container(of: member) {
            if container.isRunning, !container.isDead { return .failed(FoundryError(.internalError, "it runs")) }
            // A killed task in a frozen group is still there.
            if container.isRunning { return .failed(FoundryError(.internalError, "its processes are not gone")) }
            deleteContainer(container)
        }
        return .done(.done)
    }

    /// A small file is written whole and synced.
    func file(
        _ file: DiskFile, _ value: CellFile, _ step: Int, _ run: Int32, isSynced: Bool = true
    ) -> Progress {
        guard step == 0 else { return .done(.done) }
        submit(isSynced ? .replace(file, value) : .overwrite(file, value), for: .effect(run: run, life: process.life))
        return .waits
    }

    func remove(_ file: DiskFile, _ step: Int, _ run: Int32) -> Progress {
        guard step == 0, !disk.contents(of: file).isAbsent else { return .done(.done) }
        submit(.remove(file), for: .effect(run: run, life: process.life))
        return .waits
    }
}

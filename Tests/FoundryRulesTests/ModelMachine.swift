import FoundryModel
import FoundryRules

/// A machine as the cell's effects change it: what a real one keeps when every process of ours is killed.
struct ModelMachine {
    private(set) var volumes: [VolumeID: VolumeObservation] = [:]
    private(set) var containers: [MemberID: ContainerObservation] = [:]
    private(set) var rootfs: Set<MemberID> = []
    private(set) var networks: Set<Int> = []
    /// Those that a container can join.
    private var wholeNetworks: Set<Int> = []
    private(set) var histories: [MemberID: RestartHistory] = [:]
    /// Which volume each container may write to.
    private(set) var uses: [MemberID: VolumeID] = [:]
    /// Acknowledged writes of each volume: they must never grow fewer.
    private(set) var written: [VolumeID: Int] = [:]
    /// Writes that lie in each volume: fewer than acknowledged ones when somebody put an older copy back.
    private var content: [VolumeID: Int] = [:]
    /// Members that have logs or a history.
    private(set) var directories: Set<MemberID> = []
    private(set) var deleted: Set<VolumeID> = []
    private(set) var done: [CellEffectName: Int] = [:]
    /// Sentences that must never be said.
    private(set) var violations: [String] = []
    private var nextPid: Int32 = 100
    private(set) var snapshots: [SnapshotID: SnapshotObservation] = [:]
    /// Writes that lay in the volume when each was taken.
    private(set) var taken: [SnapshotID: Int] = [:]

    /// Its kernel lets a volume grow only while nothing uses it.
    var growsAtRest = false

    func observe() -> CellObservation {
        CellObservation(
            machineID: Samples.machineID, bootID: "boot", capacity: Samples.capacity,
            volumes: volumes.values.sorted { $0.id < $1.id },
            containers: containers.values.sorted { $0.member < $1.member },
            rootfs: rootfs, networks: networks,
            histories: Dictionary(
                uniqueKeysWithValues: directories.map { ($0, histories[$0] ?? RestartHistory(generation: 0)) }),
            incarnation: incarnation, homeMachineID: homeMachineID, promises: promises, guarded: guarded,
            isLatched: isLatched, growsAtRest: growsAtRest, snapshots: snapshots.values.sorted { $0.id < $1.id },
            links: links)
    }

    /// Somebody limits the device of a volume otherwise.
    /// As of a container that an older version made.
    mutating func forgetLimits(_ member: MemberID) { containers[member]?.limits = nil }

    mutating func limit(_ volume: VolumeID) { volumes[volume]?.tuning.io = nil }

    /// Does the effect, checking what must be true before it.
    mutating func apply(_ effect: CellEffect, now: Timestamp) -> CellEffectResult {
        done[effect.name, default: 0] += 1
        switch effect {
        case .unpackImage: return .done
        case .createVolume(let order, _, let machineID): return create(order, machineID)
        case .cloneVolume(let order, let snapshot, let machineID): return clone(order, snapshot, machineID)
        case .mountVolume(let id):
            let label = volumes[id]?.label ?? .absent
            if volumes[id]?.inner == nil { volumes[id]?.inner = hidden[id] ?? label }
            return result(id)
        case .takeVolume(let label): return take(label)
        case .unmountVolume(let id):
            check(!uses.values.contains(id), "volume \(id) unmounted under a container")
            if let inner = volumes[id]?.inner { hidden[id] = inner }
            volumes[id]?.inner = nil
            volumes[id]?.tuning = VolumeTuning()
            return result(id)
        case .tuneVolume(let id, let tuning):
            check(volumes[id]?.isMounted == true, "volume \(id) tuned while it is not mounted")
            volumes[id]?.tuning = tuning
            return result(id)
        case .growVolume(let label):
            check(volumes[label.volume]?.isMounted == true, "volume grown while it is not mounted")
            check(!growsAtRest || !uses.values.contains(label.volume), "volume grown under a container")
            volumes[label.volume]?.label = .label(label)
            return result(label.volume)
        case .sealVolume(let label):
            check(volumes[label.volume]?.isMounted == false, "volume sealed while mounted")
            check(!uses.values.contains(label.volume), "volume sealed under a container")
            volumes[label.volume]?.label = .label(label)
            return result(label.volume)
        case .deleteVolume(let id):
            check(!uses.values.contains(id), "volume deleted under a container")
            volumes[id] = nil
            hidden[id] = nil
            deleted.insert(id)
            return .done
        case .takeSnapshot(let order): return take(order, now)
        case .deleteSnapshot(let id): snapshots[id] = nil
        case .createNetwork(_, let slot):
            networks.insert(slot)
            wholeNetworks.insert(slot)
        case .removeNetwork(let slot):
            networks.remove(slot)
            wholeNetworks.remove(slot)
        case .mountRootfs(let member, _): rootfs.insert(member)
        case .unmountRootfs(let member):
            check(containers[member] == nil, "rootfs of \(member) unmounted under its container")
            rootfs.remove(member)
        case .createContainer(let order): return create(order)
        case .startContainer(let member): return start(member, now)
        case .stopContainer(let member, _), .killContainer(let member): ending.insert(member)
        case .limitContainer(let member, let limits):
            containers[member]?.limits = limits
            return containers[member].map { .container($0) } ?? .done
        case .deleteContainer(let member):
            if case .running? = containers[member]?.phase { check(false, "running container \(member) deleted") }
            containers[member] = nil
            uses[member] = nil
            guarded.remove(member)
        case .writeHistory(let member, let history):
            histories[member] = history
            directories.insert(member)
        case .forgetMember(let member):
            check(containers[member] == nil, "member \(member) forgotten while it has a container")
            histories[member] = nil
            directories.remove(member)
        case .readVolume(let id): return result(id)
        case .guardMember(let member):
            check(!isLatched, "\(member) put under guards that fired")
            guarded.insert(member)
        case .unguardMember(let member): guarded.remove(member)
        case .wireMember(let order): wires[order.id] = order
        case .linkNetwork(let wanted): links = wanted
        case .writeHosts(let order):
            check(isRunning(order.id), "the names of \(order.id) written while it does not run")
            hosts[order.id] = order.service?.peers.map(\.name)
        case .runVerb(let verb):
            check(isRunning(verb.member), "verb \(verb.id) run in a member that does not run")
            verbs.append(verb.id)
        case .promise(let fence, let written):
            for promise in written {
                let isOver = labelEpoch(promise.volume).map { $0 > promise.epoch } ?? true
                check(isOver || !isInUse(promise.volume), "\(promise.volume) promised while it is used")
            }
            promises[fence] = written
        case .unlatch: isLatched = false
        }
        return .done
    }

    /// With what each container was made.
    private(set) var briefs: [MemberID: MemberOrder] = [:]
    /// Below the guards.
    private(set) var guarded: Set<MemberID> = []
    var isLatched = false
    private(set) var promises: [FenceID: [VolumePromise]] = [:]
    /// What each engine was last told.
    private(set) var wires: [MemberID: MemberOrder] = [:]
    /// The ways that are open; nil: they cannot be read.
    var links: NetworkLinks? = NetworkLinks()
    /// The names that each member knows.
    private(set) var hosts: [MemberID: [String]] = [:]
    /// Those that were run, in order.
    private(set) var verbs: [VerbID] = []
    var incarnation: IncarnationID?
    var homeMachineID: String?

    private func labelEpoch(_ volume: VolumeID) -> Epoch? {
        if case .label(let label)? = volumes[volume]?.label { return label.epoch }
        return nil
    }

    private func isInUse(_ volume: VolumeID) -> Bool { uses.values.contains(volume) }

    /// Members that were told to end, and have not yet.
    private(set) var ending: Set<MemberID> = []
    /// The label inside, while not mounted.
    private var hidden: [VolumeID: LabelReading] = [:]

    /// A running process ends; nil when none runs.
    mutating func endProcess(_ member: MemberID, now: Timestamp) -> ContainerObservation? {
        ending.remove(member)
        guard var container = containers[member], case .running = container.phase else { return nil }
        container.phase = .ended(MemberExit(time: now, reason: "exited with status 1", status: 1, lastLines: []))
        containers[member] = container
        return container
    }

    /// What the guards killed is seen to be dead when they let go.
    mutating func endGuarded(now: Timestamp) -> [ContainerObservation] {
        guarded.sorted().compactMap { member in
            guard var container = containers[member] else { return nil }
            if case .ended = container.phase { return nil }
            let exit = MemberExit(time: now, reason: "killed by signal 9", status: 137, lastLines: [])
            container.phase = .ended(exit)
            containers[member] = container
            return container
        }
    }

    mutating func killMonitor(_ member: MemberID) -> ContainerObservation? {
        guard var container = containers[member], case .running = container.phase else { return nil }
        container.isMonitored = false
        containers[member] = container
        return container
    }

    /// Every running process writes once to its volume.
    mutating func write() {
        for (member, container) in containers {
            guard case .running = container.phase, let volume = uses[member] else { continue }
            written[volume, default: 0] += 1
            content[volume, default: 0] += 1
        }
    }

    func isRunning(_ member: MemberID) -> Bool {
        if case .running? = containers[member]?.phase { return true }
        return false
    }

    private mutating func create(_ order: VolumeOrder, _ machineID: String) -> CellEffectResult {
        if volumes[order.id] == nil {
            check(written[order.id] == nil, "volume \(order.id) made anew after it had data")
            let label = VolumeLabel(
                volume: order.id, lineage: order.lineage, branch: order.branch, epoch: .none, role: .holder,
                sealed: true,
                machineID: machineID, size: order.size)
            volumes[order.id] = VolumeObservation(id: order.id, label: .label(label))
            hidden[order.id] = .label(label)
        }
        return result(order.id)
    }

    /// It begins as the snapshot, with labels of its own.
    private mutating func clone(
        _ order: VolumeOrder, _ snapshot: SnapshotID, _ machineID: String
    ) -> CellEffectResult {
        guard volumes[order.id] == nil else { return result(order.id) }
        check(snapshots[snapshot] != nil, "volume \(order.id) made from snapshot \(snapshot), which is not there")
        check(written[order.id] == nil, "volume \(order.id) made anew after it had data")
        let label = VolumeLabel(
            volume: order.id, lineage: order.lineage, branch: order.branch, epoch: .none, role: .holder, sealed: true,
            machineID: machineID, size: snapshots[snapshot]?.label?.source.size ?? order.size)
        volumes[order.id] = VolumeObservation(id: order.id, label: .label(label))
        hidden[order.id] = .label(label)
        content[order.id] = taken[snapshot]
        written[order.id] = taken[snapshot]
        return result(order.id)
    }

    private mutating func take(_ order: SnapshotOrder, _ now: Timestamp) -> CellEffectResult {
        guard case .label(let source)? = volumes[order.volume]?.label else {
            check(false, "a snapshot taken of volume \(order.volume), which is not there")
            return .done
        }
        if snapshots[order.id] == nil {
            check(taken[order.id] == nil, "snapshot \(order.id) taken twice")
            taken[order.id] = content[order.volume] ?? 0
            snapshots[order.id] = SnapshotObservation(
                id: order.id,
                label: SnapshotLabel(
                    snapshot: order.id, source: source, takenAt: now,
                    pauseMilliseconds: volumes[order.volume]?.isMounted == true ? 40 : nil))
        }
        return snapshots[order.id].map { .snapshot($0) } ?? .done
    }

    private mutating func take(_ label: VolumeLabel) -> CellEffectResult {
        if case .label(let old)? = volumes[label.volume]?.label {
            check(old.epoch <= label.epoch, "epoch of \(label.volume) went back")
            check(!old.sealed || old.epoch < label.epoch, "a sealed epoch of \(label.volume) was taken again")
        }
        check(volumes[label.volume]?.isMounted == true, "volume taken while not mounted")
        volumes[label.volume]?.label = .label(label)
        volumes[label.volume]?.inner = .label(label)
        return result(label.volume)
    }

    private mutating func create(_ order: MemberOrder) -> CellEffectResult {
        check(
            rootfs.contains(order.id) && wholeNetworks.contains(order.slot),
            "container of \(order.id) made without its ground")
        if let volume = order.volume {
            check(volumes[volume]?.isMounted == true, "container of \(order.id) made without its volume")
            check(!uses.contains { $0.value == volume && $0.key != order.id }, "two containers share volume \(volume)")
            uses[order.id] = volume
        }
        let container = ContainerObservation(
            member: order.id, generation: order.generation, phase: .created, isMonitored: true,
            limits: order.spec.limits)
        containers[order.id] = container
        directories.insert(order.id)
        if order.isGuarded {
            check(!isLatched, "\(order.id) made under guards that fired")
            guarded.insert(order.id)
        }
        wires[order.id] = order
        hosts[order.id] = order.service?.peers.map(\.name)
        briefs[order.id] = order
        return .container(container)
    }

    private mutating func start(_ member: MemberID, _ now: Timestamp) -> CellEffectResult {
        guard var container = containers[member] else { return .done }
        if case .created = container.phase {
            if let volume = uses[member], case .label(let label)? = volumes[volume]?.label {
                check(!label.sealed, "a process of \(member) started on a sealed volume")
                check(
                    content[volume] ?? 0 == written[volume] ?? 0,
                    "a process of \(member) started on an older copy of its data")
            }
            nextPid += 1
            container.phase = .running(pid: nextPid, startedAt: now)
            containers[member] = container
        }
        return .container(container)
    }

    /// What is left when the cell is killed in the middle of an effect.
    mutating func applyHalf(_ effect: CellEffect) {
        switch effect {
        case .createNetwork(_, let slot): networks.insert(slot)
        case .removeNetwork(let slot): wholeNetworks.remove(slot)
        case .mountRootfs(let member, _): rootfs.insert(member)
        case .takeVolume(let label): volumes[label.volume]?.inner = .label(label)
        case .createContainer(let order):
            containers[order.id] = ContainerObservation(
                member: order.id, generation: order.generation, phase: .broken, isMonitored: false)
            directories.insert(order.id)
        case .unpackImage, .createVolume, .cloneVolume, .mountVolume, .unmountVolume, .tuneVolume, .growVolume,
            .sealVolume,
            .deleteVolume, .takeSnapshot, .deleteSnapshot, .unmountRootfs, .startContainer,
            .stopContainer, .limitContainer, .killContainer, .deleteContainer, .writeHistory, .forgetMember,
            .readVolume, .guardMember,
            .unguardMember, .wireMember, .linkNetwork, .writeHosts, .runVerb, .promise, .unlatch:
            break
        }
    }

    /// Puts a volume there by hand, whatever it is; it lies unmounted.
    mutating func place(_ id: VolumeID, label: LabelReading, inside: LabelReading) {
        volumes[id] = VolumeObservation(id: id, label: label)
        hidden[id] = inside
    }

    mutating func remove(_ id: VolumeID) {
        volumes[id] = nil
        hidden[id] = nil
    }

    /// A volume's directory as it lies, for somebody who puts it back later.
    struct Copy {
        var volume: VolumeObservation
        var inside: LabelReading?
        var content: Int
    }

    /// - Returns: nil while the volume is mounted or was not sealed.
    func copy(_ id: VolumeID) -> Copy? {
        guard let volume = volumes[id], !volume.isMounted, case .label(let label) = volume.label, label.sealed else {
            return nil
        }
        return Copy(volume: volume, inside: hidden[id], content: content[id] ?? 0)
    }

    /// - Returns: whether the volume lay still, so that it could be replaced.
    mutating func putBack(_ copy: Copy) -> Bool {
        guard let volume = volumes[copy.volume.id], !volume.isMounted, !uses.values.contains(volume.id) else {
            return false
        }
        volumes[volume.id] = copy.volume
        hidden[volume.id] = copy.inside
        content[volume.id] = copy.content
        return true
    }

    private func result(_ id: VolumeID) -> CellEffectResult { volumes[id].map { .volume($0) } ?? .done }

    private mutating func check(_ condition: Bool, _ sentence: String) {
        if !condition { violations.append(sentence) }
    }
}

import FoundryModel

/// What a cell does to its machine, one thing at a time. Each is journalled before it is done, and is safe to do twice.
public enum CellEffect: Hashable, Sendable {
    /// Unpacks the layers that are not there yet; fetches the image first when its source is a registry.
    case unpackImage(MemberID, ResolvedImage)
    /// Makes the volume whole beside the others (file system, both labels at epoch none and sealed, directories owned by the image's user) and renames it into place.
    case createVolume(VolumeOrder, image: ResolvedImage, machineID: String)
    /// Makes the volume whole beside the others as a writable copy of a snapshot, with both labels its own, at epoch none and sealed; and renames it into place.
    case cloneVolume(VolumeOrder, from: SnapshotID, machineID: String)
    /// Attaches the image file, mounts it, and reads what lies inside.
    case mountVolume(VolumeID)
    /// Writes the label, beside the data and inside, synced: from then on the volume is held under its epoch.
    case takeVolume(VolumeLabel)
    case unmountVolume(VolumeID)
    /// Sets how a mounted volume syncs and how fast it may go, at once.
    case tuneVolume(VolumeID, VolumeTuning)
    /// Makes the image file and the file system in it as large as the label says, while it is mounted, then writes the label. It never gets smaller.
    case growVolume(VolumeLabel)
    /// Writes the label as sealed, synced. Only of a volume that is not mounted.
    case sealVolume(VolumeLabel)
    case deleteVolume(VolumeID)
    /// Holds the writers of a volume that is mounted, takes a snapshot of its subvolume, lets them go on, and writes the label beside it.
    case takeSnapshot(SnapshotOrder)
    case deleteSnapshot(SnapshotID)
    case createNetwork(MemberID, slot: Int)
    case removeNetwork(slot: Int)
    /// A fresh overlay over the image's layers.
    case mountRootfs(MemberID, ResolvedImage)
    case unmountRootfs(MemberID)
    /// conmon and `runc create`: the process exists and waits.
    case createContainer(MemberOrder)
    case startContainer(MemberID)
    /// The image's stop signal to its first process.
    case stopContainer(MemberID, signal: String)
    /// Sets how much a running container may use, at once.
    case limitContainer(MemberID, ContainerLimits)
    /// SIGKILL to every process of it.
    case killContainer(MemberID)
    /// Removes what is left of a container whose processes are gone.
    case deleteContainer(MemberID)
    /// Writes how often and how the member ended, so that a restart of the cell does not forget it.
    case writeHistory(MemberID, RestartHistory)
    /// Removes logs and history of a member that is no longer ordered.
    case forgetMember(MemberID)
    /// Looks at a volume that was refused once more: somebody may have put it right.
    case readVolume(VolumeID)
    /// Moves a member's processes below the cell's guards.
    case guardMember(MemberID)
    /// Moves them out again.
    case unguardMember(MemberID)
    /// Tells a running member's engine whom it follows and for whom it waits: the order's `source` and `waitsFor`.
    case wireMember(MemberOrder)
    /// Opens these ways between members, and from members to routes, and closes all others, in one moment.
    case linkNetwork(NetworkLinks)
    /// Writes a running member's `/etc/hosts` anew, in place: the names of its peers.
    case writeHosts(MemberOrder)
    /// Runs a verb of its release in a running member. Verbs may run twice.
    case runVerb(VerbOrder)
    /// Writes down, synced, that none of these volumes will be started at these epochs, or older ones, again. It replaces what was written for this fence.
    case promise(FenceID, [VolumePromise])
    /// Tells the sentinel that this session, and orders for it, have come: what lies under its latch is killed once more and thawed.
    case unlatch(SessionID)

    public var name: CellEffectName {
        switch self {
        case .unpackImage: .imageUnpack
        case .createVolume: .volumeCreate
        case .cloneVolume: .volumeClone
        case .mountVolume: .volumeMount
        case .takeVolume: .volumeTake
        case .unmountVolume: .volumeUnmount
        case .tuneVolume: .volumeTune
        case .growVolume: .volumeGrow
        case .sealVolume: .volumeSeal
        case .deleteVolume: .volumeDelete
        case .takeSnapshot: .snapshotTake
        case .deleteSnapshot: .snapshotDelete
        case .createNetwork: .networkCreate
        case .removeNetwork: .networkRemove
        case .mountRootfs: .rootfsMount
        case .unmountRootfs: .rootfsUnmount
        case .createContainer: .containerCreate
        case .startContainer: .containerStart
        case .stopContainer: .containerStop
        case .limitContainer: .containerLimit
        case .killContainer: .containerKill
        case .deleteContainer: .containerDelete
        case .writeHistory: .historyWrite
        case .forgetMember: .memberForget
        case .readVolume: .volumeRead
        case .guardMember: .memberGuard
        case .unguardMember: .memberUnguard
        case .wireMember: .memberWire
        case .linkNetwork: .networkLink
        case .writeHosts: .memberHosts
        case .runVerb: .verbRun
        case .promise: .promiseWrite
        case .unlatch: .guardsUnlatch
        }
    }

    /// What it is done to, for the journal: a member's, volume's, snapshot's, verb's, fence's or session's id, `slot/N`, or `links`.
    public var subject: String {
        switch self {
        case .unpackImage(let member, _), .createNetwork(let member, _), .mountRootfs(let member, _),
            .unmountRootfs(let member),
            .startContainer(let member), .stopContainer(let member, _), .limitContainer(let member, _),
            .killContainer(let member), .deleteContainer(let member),
            .writeHistory(let member, _), .forgetMember(let member), .guardMember(let member),
            .unguardMember(let member):
            member.description
        case .createContainer(let order), .wireMember(let order), .writeHosts(let order): order.id.description
        case .linkNetwork: "links"
        case .runVerb(let order): order.id.description
        case .createVolume(let order, _, _), .cloneVolume(let order, _, _): order.id.description
        case .mountVolume(let volume), .unmountVolume(let volume), .deleteVolume(let volume), .readVolume(let volume),
            .tuneVolume(let volume, _):
            volume.description
        case .takeVolume(let label), .growVolume(let label), .sealVolume(let label): label.volume.description
        case .takeSnapshot(let order): order.id.description
        case .deleteSnapshot(let snapshot): snapshot.description
        case .removeNetwork(let slot): "slot/\(slot)"
        case .promise(let fence, _): fence.description
        case .unlatch(let session): session.description
        }
    }
}

/// The names under which a cell's effects are journalled; with `.before` and `.after` they name the kill points.
public enum CellEffectName: String, Hashable, Sendable, CaseIterable {
    case imageUnpack = "image.unpack"
    case volumeCreate = "volume.create"
    case volumeClone = "volume.clone"
    case volumeMount = "volume.mount"
    case volumeTake = "volume.take"
    case volumeUnmount = "volume.unmount"
    case volumeTune = "volume.tune"
    case volumeGrow = "volume.grow"
    case volumeSeal = "volume.seal"
    case volumeDelete = "volume.delete"
    case snapshotTake = "snapshot.take"
    case snapshotDelete = "snapshot.delete"
    case networkCreate = "network.create"
    case networkRemove = "network.remove"
    case rootfsMount = "rootfs.mount"
    case rootfsUnmount = "rootfs.unmount"
    case containerCreate = "container.create"
    case containerStart = "container.start"
    case containerStop = "container.stop"
    case containerLimit = "container.limit"
    case containerKill = "container.kill"
    case containerDelete = "container.delete"
    case historyWrite = "history.write"
    case memberForget = "member.forget"
    case volumeRead = "volume.read"
    case memberGuard = "member.guard"
    case memberUnguard = "member.unguard"
    case memberWire = "member.wire"
    case networkLink = "network.link"
    case memberHosts = "member.hosts"
    case verbRun = "verb.run"
    case promiseWrite = "promise.write"
    case guardsUnlatch = "guards.unlatch"

    /// It happens only where sessions are held, or where somebody put right by hand what was refused.
    public var isOfManyCells: Bool {
        switch self {
        case .volumeRead, .memberGuard, .memberUnguard, .memberWire, .promiseWrite, .guardsUnlatch: true
        case .imageUnpack, .volumeCreate, .volumeClone, .volumeMount, .volumeTake, .volumeUnmount, .volumeTune,
            .volumeGrow,
            .volumeSeal, .volumeDelete, .snapshotTake, .snapshotDelete, .networkCreate, .networkRemove, .rootfsMount,
            .rootfsUnmount, .containerCreate,
            .containerStart,
            .containerStop, .containerLimit, .containerKill, .containerDelete, .historyWrite, .memberForget,
            .networkLink,
            .memberHosts, .verbRun:
            false
        }
    }

    /// It happens only where there are instances of services, or apps that are bound to them.
    public var isOfServices: Bool { [.networkLink, .memberHosts, .verbRun].contains(self) }
}

/// What came of an effect that was done.
public enum CellEffectResult: Hashable, Sendable {
    case done
    /// After `createVolume`, `cloneVolume`, `mountVolume`, `takeVolume`, `unmountVolume`, `tuneVolume`, `growVolume`, `sealVolume`; after `readVolume`, which says `done` where there is none.
    case volume(VolumeObservation)
    /// After `takeSnapshot`.
    case snapshot(SnapshotObservation)
    /// After `createContainer`, `startContainer`, `limitContainer`; after `killContainer`, where one is left.
    case container(ContainerObservation)
}

import FoundryModel

/// What a cell does to its machine, one thing at a time. Each is journalled before it is done, and is safe to do twice.
public enum CellEffect: Hashable, Sendable {
    /// Unpacks the layers that are not there yet; fetches the image first when its source is a registry.
    case unpackImage(MemberID, ResolvedImage)
    /// Makes the volume whole beside the others (file system, both labels at epoch none and sealed, directories owned by the image's user) and renames it into place.
    case createVolume(VolumeOrder, image: ResolvedImage, machineID: String)
    /// Attaches the image file, mounts it, and reads what lies inside.
    case mountVolume(VolumeID)
    /// Writes the label, beside the data and inside, synced: from then on the volume is held under its epoch.
    case takeVolume(VolumeLabel)
    case unmountVolume(VolumeID)
    /// Writes the label as sealed, synced. Only of a volume that is not mounted.
    case sealVolume(VolumeLabel)
    case deleteVolume(VolumeID)
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
    /// SIGKILL to every process of it.
    case killContainer(MemberID)
    /// Removes what is left of a container whose processes are gone.
    case deleteContainer(MemberID)
    /// Writes how often and how the member ended, so that a restart of the cell does not forget it.
    case writeHistory(MemberID, RestartHistory)
    /// Removes logs and history of a member that is no longer ordered.
    case forgetMember(MemberID)

    public var name: CellEffectName {
        switch self {
        case .unpackImage: .imageUnpack
        case .createVolume: .volumeCreate
        case .mountVolume: .volumeMount
        case .takeVolume: .volumeTake
        case .unmountVolume: .volumeUnmount
        case .sealVolume: .volumeSeal
        case .deleteVolume: .volumeDelete
        case .createNetwork: .networkCreate
        case .removeNetwork: .networkRemove
        case .mountRootfs: .rootfsMount
        case .unmountRootfs: .rootfsUnmount
        case .createContainer: .containerCreate
        case .startContainer: .containerStart
        case .stopContainer: .containerStop
        case .killContainer: .containerKill
        case .deleteContainer: .containerDelete
        case .writeHistory: .historyWrite
        case .forgetMember: .memberForget
        }
    }

    /// What it is done to, for the journal: a member's or a volume's id, or `slot/N`.
    public var subject: String {
        switch self {
        case .unpackImage(let member, _), .createNetwork(let member, _), .mountRootfs(let member, _),
            .unmountRootfs(let member),
            .startContainer(let member), .stopContainer(let member, _), .killContainer(let member),
            .deleteContainer(let member),
            .writeHistory(let member, _), .forgetMember(let member):
            member.description
        case .createContainer(let order): order.id.description
        case .createVolume(let order, _, _): order.id.description
        case .mountVolume(let volume), .unmountVolume(let volume), .deleteVolume(let volume): volume.description
        case .takeVolume(let label), .sealVolume(let label): label.volume.description
        case .removeNetwork(let slot): "slot/\(slot)"
        }
    }
}

/// The names under which a cell's effects are journalled; with `.before` and `.after` they name the kill points.
public enum CellEffectName: String, Hashable, Sendable, CaseIterable {
    case imageUnpack = "image.unpack"
    case volumeCreate = "volume.create"
    case volumeMount = "volume.mount"
    case volumeTake = "volume.take"
    case volumeUnmount = "volume.unmount"
    case volumeSeal = "volume.seal"
    case volumeDelete = "volume.delete"
    case networkCreate = "network.create"
    case networkRemove = "network.remove"
    case rootfsMount = "rootfs.mount"
    case rootfsUnmount = "rootfs.unmount"
    case containerCreate = "container.create"
    case containerStart = "container.start"
    case containerStop = "container.stop"
    case containerKill = "container.kill"
    case containerDelete = "container.delete"
    case historyWrite = "history.write"
    case memberForget = "member.forget"
}

/// What came of an effect that was done.
public enum CellEffectResult: Hashable, Sendable {
    case done
    /// After `createVolume`, `mountVolume`, `takeVolume`, `unmountVolume`, `sealVolume`.
    case volume(VolumeObservation)
    /// After `createContainer`, `startContainer`.
    case container(ContainerObservation)
}

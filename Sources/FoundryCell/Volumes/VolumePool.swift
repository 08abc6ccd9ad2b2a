import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

/// The volumes of one cell: carries out what was decided about them, and sees what is there.
///
/// A pool is a btrfs. In it each volume has a subvolume with its label and one image file (fully allocated, rewritten in place) that carries an ext4 of its own,
/// attached to a loop device and mounted. So a volume's size is hard: its member gets ENOSPC, and its neighbours notice nothing.
///
/// Everything here is safe to do twice, and after a kill at any point the same call completes it. Nothing under `volumes` is removed except by
/// `delete`. Of each volume one thing is done at a time: a second is refused with `conflict`.
actor VolumePool {
    let command: Command
    let configuration: PoolConfiguration
    let logger: Logger
    let paths: Paths
    let tuner: VolumeTuner
    /// How long the end of a mount is waited for.
    let releaseLimit: Duration
    var opened: (places: VolumePlaces, size: ByteCount?)?
    var isOpening = false
    /// What is being worked on; a size counts against the pool while the volume is being made.
    private var busy: [VolumeID: ByteCount] = [:]
    /// Snapshots that are being taken or deleted.
    var snapping: Set<SnapshotID> = []

    init(
        paths: Paths, configuration: PoolConfiguration, command: Command,
        logger: Logger = Logger(label: "foundry.cell.volumes"), limits: DeviceLimits? = nil,
        releaseLimit: Duration = .seconds(5)
    ) {
        self.paths = paths
        self.configuration = configuration
        self.command = command
        self.logger = logger
        tuner = VolumeTuner(limits: limits)
        self.releaseLimit = releaseLimit
    }

    /// Every volume on the pool, sorted by id; clears away what was left half made or half removed.
    func observe() async throws(FoundryError) -> [VolumeObservation] {
        let (reading, busy) = (try reading(), Set(busy.keys))
        try await releaseRemains(except: busy)
        return try await BlockingWork.run { () throws(FoundryError) in
            try VolumeRemoval(places: reading.places).clearRemains(except: busy)
            return try reading.all()
        }
    }

    /// Makes the volume: its file system, both labels at epoch none and sealed, its directories.
    ///
    /// - Parameter owner: of its directories, as numbers.
    /// - Throws: `pool_full`; `volume_foreign` and `volume_unreadable` when something else is there, which is left as it is.
    func create(
        _ order: VolumeOrder, owner: (uid: UInt32, gid: UInt32), machineID: String
    ) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        try begin(order.id, making: order.size)
        defer { end(order.id) }
        if let existing = try existing(order, places) { return existing }
        try await admit(order.size, places)
        try await VolumeMaking(places: places, order: order, owner: owner, machineID: machineID).make(command: command)
        return try await read(order.id, places)
    }

    /// - Returns: nil when there is no such volume.
    func look(at id: VolumeID) async throws(FoundryError) -> VolumeObservation? {
        let places = try places()
        try begin(id)
        defer { end(id) }
        return HostFiles.exists(places.home(id)) ? try await read(id, places) : nil
    }

    /// Attaches the volume's image and mounts it.
    ///
    /// - Throws: `volume_missing`, `volume_empty`, `volume_unreadable`; `volume_in_use` when it is still mounted somewhere else.
    func mount(_ id: VolumeID) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        try begin(id)
        defer { end(id) }
        if try MountTable.read().entry(at: places.mount(id)) == nil { try await release(id, places) }
        let outcome = try await BlockingWork.run { () throws(FoundryError) in
            try VolumeMounting(places: places, id: id).mount()
        }
        if case .mounted(isDirect: false) = outcome {
            logger.notice("A volume's loop device has no direct I/O: it works, slower.", metadata: ["volume": "\(id)"])
        }
        return try await read(id, places)
    }

    /// Writes the label beside the data, then inside, each on the disk.
    ///
    /// - Throws: `volume_foreign`, `volume_newer`, `volume_unreadable`, `volume_empty`: what the labels say now is not written over.
    func take(_ label: VolumeLabel) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        try begin(label.volume)
        defer { end(label.volume) }
        guard try MountTable.read().entry(at: places.mount(label.volume)) != nil else {
            throw FoundryError(.internalError, "Volume \(label.volume) is not mounted.")
        }
        try await BlockingWork.run { () throws(FoundryError) in try VolumeLabelling(places: places).take(label) }
        return try await read(label.volume, places)
    }

    /// Sets how the mounted volume syncs and how fast it may go; what is in force afterwards is in the answer.
    ///
    /// - Throws: `machine_unfit` when the machine cannot limit devices.
    func tune(_ id: VolumeID, _ tuning: VolumeTuning) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        try begin(id)
        defer { end(id) }
        guard let entry = try MountTable.read().entry(at: places.mount(id)) else {
            throw FoundryError(.internalError, "Volume \(id) is not mounted.")
        }
        let tuner = tuner
        // A sync may take long, and holds up nobody else's work.
        try await OwnThread.run { () throws(FoundryError) in try tuner.set(entry, tuning) }
        return try await read(id, places)
    }

    /// Makes the mounted volume as large as the label says, and writes the label. Where the kernel lets it grow only while nothing uses it, it is
    /// unmounted in between.
    ///
    /// - Throws: `pool_full`: nothing is changed then; `volume_in_use`, `volume_unreadable`.
    func grow(_ label: VolumeLabel) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        let present = HostFiles.size(of: places.image(label.volume)) ?? .zero
        let growth = max(label.size, present) - present
        try begin(label.volume, making: growth)
        defer { end(label.volume) }
        try await admit(growth, places)
        let growing = VolumeGrowing(places: places, label: label, command: command)
        if MachineFacts.growsAtRest {
            try await release(label.volume, places)
            try await growing.growReleased()
            _ = try await BlockingWork.run { () throws(FoundryError) in
                try VolumeMounting(places: places, id: label.volume).mount()
            }
            try await growing.finish()
        } else {
            try await growing.growMounted()
        }
        return try await read(label.volume, places)
    }

    /// Brings what was written to the mounted volume to the disk, however long that takes.
    func flush(_ id: VolumeID) async throws(FoundryError) {
        let mount = try places().mount(id)
        guard try MountTable.read().entry(at: mount) != nil else {
            throw FoundryError(.internalError, "Volume \(id) is not mounted.")
        }
        try await OwnThread.run { () throws(FoundryError) in
            try SystemCall.check(foundry_sync_file_system(mount), "flush \(mount)")
        }
    }

    /// Unmounts the volume and waits until nothing can write to it.
    ///
    /// - Throws: `volume_in_use` when something still can after the limit; the detail says what.
    func unmount(_ id: VolumeID) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        try begin(id)
        defer { end(id) }
        // The device's number is given to another volume one day.
        if let entry = try MountTable.read().entry(at: places.mount(id)), tuner.read(entry).io != .max {
            try tuner.limits?.set(entry.device, .max)
        }
        try await release(id, places)
        return try await read(id, places)
    }

    /// Writes the label beside the data as sealed.
    ///
    /// - Throws: `volume_in_use` when it is mounted or attached; and as `take`.
    func seal(_ label: VolumeLabel) async throws(FoundryError) -> VolumeObservation {
        let places = try places()
        try begin(label.volume)
        defer { end(label.volume) }
        try requireReleased(label.volume, places)
        try await BlockingWork.run { () throws(FoundryError) in try VolumeLabelling(places: places).seal(label) }
        return try await read(label.volume, places)
    }

    /// Removes the volume with its data.
    ///
    /// - Throws: `volume_in_use` when it is mounted or attached.
    func delete(_ id: VolumeID) async throws(FoundryError) {
        let places = try places()
        try begin(id)
        defer { end(id) }
        try requireReleased(id, places)
        try await BlockingWork.run { () throws(FoundryError) in try VolumeRemoval(places: places).delete(id) }
    }

    /// Of the file systems inside mounted volumes; what is not mounted, or cannot be measured, is left out.
    func used(_ ids: [VolumeID]) async throws(FoundryError) -> [VolumeID: ByteCount] {
        let reading = try reading()
        let mounts = try MountTable.read().names(in: reading.places.mounts)
        var measured: [VolumeID: ByteCount] = [:]
        for id in ids where mounts[id.description] != nil {
            do throws(FoundryError) { measured[id] = try reading.used(id) } catch {
                logger.debug("a volume cannot be measured", metadata: ["volume": "\(id)", "error": "\(error)"])
            }
        }
        return measured
    }

    /// What a member sees of a mounted volume: all of its data, or one directory of it.
    nonisolated func dataPath(_ id: VolumeID, directory: String = "") -> String {
        let data = "\(paths.volumeMount(id))/\(VolumePlaces.dataDirectory)"
        return directory.isEmpty ? data : "\(data)/\(directory)"
    }

    /// What volumes may take of this pool, those that exist included.
    func capacity() async throws(FoundryError) -> ByteCount {
        let places = try places()
        if let size = opened?.size { return PoolBudget.capacity(poolSize: size) }
        var (total, used, available): (Int64, Int64, Int64) = (0, 0, 0)
        try SystemCall.check(foundry_space(places.pool, &total, &used, &available), "read the space of \(places.pool)")
        return PoolBudget.capacity(
            total: ByteCount(bytes: total), available: ByteCount(bytes: available),
            ours: try reading().allotted())
    }
}

extension VolumePool {
    func places() throws(FoundryError) -> VolumePlaces {
        guard let opened else { throw FoundryError(.internalError, "The pool is not open.") }
        return opened.places
    }

    private func reading() throws(FoundryError) -> VolumeReading {
        VolumeReading(places: try places(), tuner: tuner)
    }

    /// - Throws: `volume_in_use`, after the limit.
    func release(_ id: VolumeID, _ places: VolumePlaces) async throws(FoundryError) {
        let release = VolumeRelease(image: places.image(id), mount: places.mount(id))
        let obstacle = try await Patience.wait(limit: releaseLimit) { attempt throws(FoundryError) in
            try release.step(attempt)
        }
        guard let obstacle else { return }
        throw FoundryError(
            .volumeInUse, "Volume \(id) is still in use.", detail: obstacle + release.users(),
            hint: "findmnt \(places.mount(id))")
    }

    func begin(_ id: VolumeID, making size: ByteCount = .zero) throws(FoundryError) {
        guard busy[id] == nil else { throw FoundryError(.conflict, "Something else is being done to volume \(id).") }
        busy[id] = size
    }

    func end(_ id: VolumeID) { busy[id] = nil }

    func read(_ id: VolumeID, _ places: VolumePlaces) async throws(FoundryError) -> VolumeObservation {
        let reading = try reading()
        return try await BlockingWork.run { () throws(FoundryError) in try reading.one(id) }
    }

    /// - Returns: nil when there is none yet.
    func existing(_ order: VolumeOrder, _ places: VolumePlaces) throws(FoundryError) -> VolumeObservation? {
        guard HostFiles.exists(places.home(order.id)) else { return nil }
        let found = try reading().one(order.id)
        switch found.label {
        case .label(let label)
        where label.volume == order.id && label.lineage == order.lineage && label.branch == order.branch:
            return found
        case .label(let label):
            throw FoundryError(
                .volumeForeign, "Volume \(order.id) exists with other data; it is left as it is.",
                detail: "label of volume \(label.volume), lineage \(label.lineage), branch \(label.branch)")
        case .absent:
            throw FoundryError(.volumeUnreadable, "Volume \(order.id) exists without a label; it is left as it is.")
        case .unreadable(let reason):
            throw FoundryError(
                .volumeUnreadable, "The label of volume \(order.id) cannot be read; it is left as it is.",
                detail: reason)
        }
    }

    /// The control plane counts, too; this holds when its numbers are behind.
    func admit(_ size: ByteCount, _ places: VolumePlaces) async throws(FoundryError) {
        let capacity = try await capacity()
        let reading = try reading()
        let taken = busy.values.reduce(try reading.allotted() + reading.allottedToSnapshots(), +)
        guard taken <= capacity else {
            throw FoundryError(
                .poolFull, "The pool has no room for \(size) more.",
                detail: "\(taken - size) of \(capacity) are taken",
                hint: "foundry volumes")
        }
    }

    private func requireReleased(_ id: VolumeID, _ places: VolumePlaces) throws(FoundryError) {
        guard let obstacle = try VolumeRelease(image: places.image(id), mount: places.mount(id)).obstacle() else {
            return
        }
        throw FoundryError(.volumeInUse, "Volume \(id) is in use.", detail: obstacle)
    }
}

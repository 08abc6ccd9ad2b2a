import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// Takes one snapshot beside the others, and renames it into its place when it is complete and on the disk.
struct SnapshotMaking {
    let places: VolumePlaces
    let order: SnapshotOrder

    /// For so long writers are held at most.
    private static let limitMilliseconds: Int32 = 5_000

    private var home: String { "\(places.snapshotsCreating)/\(order.id)" }

    /// - Throws: `volume_missing`, `volume_unreadable`, `volume_foreign`: there is nothing, or something else, to take it of; `timed_out` when writers would have
    ///   been held for too long; `pool_full`.
    func make() throws(FoundryError) {
        let source = try label()
        let removal = SnapshotRemoval(places: places)
        do throws(FoundryError) {
            try removal.discard(order.id, in: places.snapshotsCreating)
            try HostFiles.makeDirectory(home)
            let pause = try take()
            let label = SnapshotLabel(
                snapshot: order.id, source: source, takenAt: SystemClock.timestamp(), pauseMilliseconds: pause)
            try SnapshotLabelFile.write(label, to: VolumePlaces.snapshotLabel(in: home))
            try SystemCall.check(foundry_rename(home, places.snapshot(order.id)), "rename \(home)", codes: Self.full)
            try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
        } catch {
            try? removal.discard(order.id, in: places.snapshotsCreating)
            throw error
        }
    }

    private func label() throws(FoundryError) -> VolumeLabel {
        try VolumeMounting(places: places, id: order.volume).requirePresent()
        switch VolumeLabelFile.read(places.label(order.volume)) {
        case .label(let label) where label.volume == order.volume && label.lineage == order.lineage: return label
        case .label(let label):
            throw FoundryError(
                .volumeForeign, "Volume \(order.volume) carries other data than a snapshot was asked of.",
                detail: "label of volume \(label.volume), lineage \(label.lineage)")
        case .absent:
            throw FoundryError(.volumeUnreadable, "Volume \(order.volume) has no label.")
        case .unreadable(let reason):
            throw FoundryError(
                .volumeUnreadable, "The label of volume \(order.volume) cannot be read.", detail: reason)
        }
    }

    /// What is dirty goes to the disk while writers still write, so that they are held for what came since only.
    ///
    /// - Returns: for how long writers were held, in milliseconds; nil when the volume is not mounted.
    private func take() throws(FoundryError) -> Int64? {
        let mount = places.mount(order.volume)
        let isMounted = try MountTable.read().entry(at: mount) != nil
        if isMounted { try SystemCall.check(foundry_sync_file_system(mount), "flush \(mount)") }
        try SystemCall.check(foundry_sync_file_system(places.pool), "sync \(places.pool)")
        let microseconds = Self.take(
            source: places.home(order.volume), mount: isMounted ? mount : nil, parent: home,
            name: VolumePlaces.dataDirectory)
        guard microseconds < 0 else { return isMounted ? (microseconds + 999) / 1_000 : nil }
        let number = Errno(rawValue: foundry_errno())
        guard number == .timedOut else {
            throw SystemCall.error(number, "take a snapshot of \(places.home(order.volume))", codes: Self.full)
        }
        throw FoundryError(
            .timedOut,
            "Writes would have been held for more than \(Self.limitMilliseconds / 1_000) s; no snapshot was taken.",
            hint: "again, when the disk has less to do")
    }

    /// - Parameter mount: nil: nothing has it mounted.
    /// - Parameter limit: in milliseconds.
    /// - Returns: for how many microseconds writers were held; -1 with `foundry_errno` when there is no snapshot.
    static func take(
        source: String, mount: String?, parent: String, name: String, limit: Int32 = limitMilliseconds
    ) -> Int64 {
        source.withCString { source in
            parent.withCString { parent in
                name.withCString { name in
                    func call(_ mount: UnsafePointer<CChar>?) -> Int64 {
                        var request = foundry_snapshot_request(
                            source: source, mount: mount, parent: parent, name: name,
                            limit_milliseconds: limit)
                        return foundry_snapshot_take(&request)
                    }
                    return mount.map { $0.withCString { call($0) } } ?? call(nil)
                }
            }
        }
    }

    private static let full: [Errno: ErrorCode] = [.noSpace: .poolFull, Errno(rawValue: EDQUOT): .poolFull]
}

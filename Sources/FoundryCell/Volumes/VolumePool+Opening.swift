import CFoundryLinux
import FoundryEffects
import FoundryModel

extension VolumePool {
    /// Makes the pool at its first use, and brings it to its place in this mount namespace; adopts what is there already.
    ///
    /// - Throws: `configuration_invalid` when something that is not this installation's pool is where it should be, which is left as it is;
    ///   `machine_unfit` when the machine has no room for it or lacks something.
    func open() async throws(FoundryError) {
        guard opened == nil else { return }
        guard !isOpening else { throw FoundryError(.conflict, "The pool is being opened.") }
        isOpening = true
        defer { isOpening = false }
        try HostFiles.makeDirectory(paths.data, mode: 0o755)
        let places = VolumePlaces(paths)
        opened = (places, try await PoolMount(places: places, configuration: configuration, command: command).open())
        try await thaw()
    }

    /// Unmounts every volume and the pool. All data stays.
    ///
    /// - Throws: `volume_in_use` when something is still used after the limit.
    func close() async throws(FoundryError) {
        let places = VolumePlaces(paths)
        for name in try MountTable.read().names(in: places.mounts).keys.sorted() {
            guard let id = VolumeID(name) else { continue }
            try await release(id, places)
        }
        try await releasePool(places)
        opened = nil
    }

    /// Ends every mount and loop device of this installation, in use or not; for `reset`, when no member is left.
    ///
    /// - Throws: `volume_in_use` when another mount namespace still holds something.
    func removeEverything() async throws(FoundryError) {
        let places = VolumePlaces(paths)
        do throws(FoundryError) { try await close() } catch {
            try Self.unmountLazily(places)
            try await close()
        }
        HostFiles.removeEmptyDirectory(places.mounts)
    }

    private static func unmountLazily(_ places: VolumePlaces) throws(FoundryError) {
        let targets = try MountTable.read().entries.map(\.target)
        for target in targets.reversed() where target == places.pool || target.hasPrefix(places.mounts + "/") {
            _ = foundry_unmount_lazily(target)
        }
    }

    private func releasePool(_ places: VolumePlaces) async throws(FoundryError) {
        let (pool, file) = (places.pool, places.poolFile)
        let obstacle = try await Patience.wait(limit: releaseLimit) { _ throws(FoundryError) in
            while try MountTable.read().entry(at: pool) != nil {
                guard let problem = SystemCall.problem(foundry_unmount(pool)) else { continue }
                guard problem == .resourceBusy else { throw SystemCall.error(problem, "unmount \(pool)") }
                return .waiting(for: "\(pool) is busy")
            }
            guard let number = try LoopDevices.numbers(of: file).first else { return .done }
            return .waiting(for: "loop\(number) is mounted in another mount namespace")
        }
        guard let obstacle else { return }
        throw FoundryError(.volumeInUse, "The pool is still in use.", detail: obstacle, hint: "findmnt \(pool)")
    }
}

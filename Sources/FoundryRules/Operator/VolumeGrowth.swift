import FoundryModel

/// The volumes of an app that a change makes larger.
struct VolumeGrowth {
    let size: ByteCount
    let volumes: [Revised<VolumeRecord>]
    let writes: [RecordWrite]
    /// A kernel lets one of them grow only while nothing uses it.
    let needsRest: Bool

    /// - Parameter size: zero: it has no disk.
    init(of app: AppID, to size: ByteCount, view: PlatformView) {
        self.size = size
        volumes = view.members(of: app).compactMap { $0.volume.flatMap { view.volumes[$0] } }
            .filter { $0.value.size < size }
        writes = volumes.map { volume in
            var grown = volume.value
            grown.size = size
            return .put(.volume(grown), expects: .revision(volume.revision))
        }
        needsRest = volumes.contains { view.cells[$0.value.cell]?.value.growsAtRest == true }
    }

    /// As the records will be.
    func done(in view: PlatformView) -> PlatformView {
        var view = view
        for case .put(let record, _) in writes { view.put(record, revision: view.revision) }
        return view
    }
}

/// What lies on a disk, apart from the machine that it is in.
struct DiskImage<Value> {
    fileprivate var files: [DiskFileState<Value>]
    fileprivate var volumes: [VolumeData?]
}

extension SimulatedDisk {
    /// Power is gone: of what was not synced, any part survives. Files lose their newest writes, or keep a half of one; data keeps a part
    /// of its tail, in order if its program keeps order.
    mutating func losePower() {
        forgetOperations()
        for place in files.indices { losePower(ofFile: place) }
        for volume in volumes.indices { losePower(ofVolume: volume) }
    }

    /// The page cache was dropped: what a failed sync left readable there is gone, too.
    mutating func dropCleanPages() {
        for place in files.indices where files[place].dirty.isEmpty { files[place].cached = files[place].durable }
    }

    /// A new, empty disk is in the machine.
    mutating func wipe() {
        counters.count(.diskWiped)
        forgetOperations()
        replaceContents(files: [], volumes: [])
    }

    /// A copy of everything, as of a machine that was shut down in order.
    var image: DiskImage<Value> {
        var copy = DiskImage(files: files, volumes: volumes)
        for place in copy.files.indices {
            copy.files[place].durable = copy.files[place].cached
            copy.files[place].dirty = []
        }
        for volume in copy.volumes.indices { copy.volumes[volume]?.settle() }
        return copy
    }

    /// A copy of what a snapshot under a running machine finds: as after a loss of power now.
    func crashImage(using random: inout SimulationRandom) -> DiskImage<Value> {
        var copy = self
        copy.detach()
        copy.random = random.stream("disk.image", Int(truncatingIfNeeded: random.next()))
        copy.losePower()
        return DiskImage(files: copy.files, volumes: copy.volumes)
    }

    /// The disk is another's, or its own of long ago.
    ///
    /// - Parameter cause: `diskCloned` or `diskRestoredFromImage`.
    mutating func restore(_ image: DiskImage<Value>, cause: FaultKind) {
        counters.count(cause)
        forgetOperations()
        replaceContents(files: image.files, volumes: image.volumes)
    }

    private mutating func losePower(ofFile place: Int) {
        let dirty = files[place].dirty
        if !dirty.isEmpty {
            // Any subset may have survived; the newest of it is what is found.
            let survivor = random.index(below: dirty.count + 1)
            if survivor < dirty.count { counters.count(.diskUnsyncedLost) }
            if survivor > 0 {
                let write = dirty[survivor - 1]
                if write.isTearable, random.happens(faults.tear) {
                    counters.count(.diskWriteTorn)
                    files[place].durable = .torn
                } else {
                    files[place].durable = write.content
                }
            }
            files[place].dirty = []
        }
        files[place].cached = files[place].durable
    }

    private mutating func losePower(ofVolume volume: Int) {
        guard let data = volumes[volume], data.unsyncedCount > 0 else { return }
        let kept = random.integer(in: 0...(data.length - data.syncedLength))
        var hole: Range<Int64>?
        if !data.keepsOrder, kept > 1, random.happens(faults.hole) {
            counters.count(.diskWritesReordered)
            let start = data.syncedLength + random.integer(in: 0...(kept - 2))
            hole = start..<(start + 1)
        }
        if kept < data.length - data.syncedLength || !data.unwritten.isEmpty { counters.count(.diskUnsyncedLost) }
        volumes[volume]?.losePower(kept: kept, hole: hole)
    }
}

/// The disk of one simulated cell: small files, and the data of its volumes.
///
/// Asking and completion are two steps, and between them anything may happen:
///
///     let ticket = disk.submit(.replace(DiskFile(.innerLabel, 12), .label(label)), at: queue.now)
///     if let due = ticket.due { queue.push(.disk(cell, ticket.operation), at: due) }
///     // when that event comes
///     if let answer = disk.complete(operation, at: queue.now) { machine.handle(answer) }
///
/// `complete` answers nil when power was lost since, or while the disk hangs; ``setHung(_:at:)`` then gives new times. What a process
/// wrote before it was killed is written: complete its operations all the same, and drop the answers.
///
/// `Value` is whatever the small files hold; the disk does not look inside. A disk is a value: a copy of it is a clone.
struct SimulatedDisk<Value> {
    typealias Ticket = DiskTicket<Slab<Operation>.Handle>

    struct Operation {
        fileprivate(set) var request: DiskRequest<Value>
        fileprivate var failure: DiskError?
        /// Of the newest write that a sync covers.
        fileprivate var sequence: UInt64
        /// Of a volume's data, when its sync was asked for.
        fileprivate var length: Int64
    }

    var faults = DiskFaults.none
    private(set) var counters: FaultCounters
    private(set) var isHung = false
    /// Times that bytes of an older epoch came behind those of a later one; a checker makes it an error.
    private(set) var regressions = 0
    /// In the order in which they were first written.
    var files: [DiskFileState<Value>] = []
    /// By number of the volume; nil where there is none.
    var volumes: [VolumeData?] = []
    var random: SimulationRandom
    private var places: [DiskFile: Int] = [:]
    private var operations = Slab<Operation>()
    private var latencyRandom: SimulationRandom
    private var faultRandom: SimulationRandom
    private var busyUntil = SimulationTime.zero
    private var sequence: UInt64 = 0

    init(random: SimulationRandom, counters: FaultCounters) {
        self.counters = counters
        self.random = random.stream("disk.power")
        latencyRandom = random.stream("disk.latency")
        faultRandom = random.stream("disk.faults")
    }

    /// What a reader of a file finds now, for those who don't wait: checkers, and machines that observe.
    func contents(of file: DiskFile) -> DiskContent<Value> { places[file].map { files[$0].cached } ?? .absent }

    /// What would be found after a loss of power now, were nothing unsynced to survive.
    func durableContents(of file: DiskFile) -> DiskContent<Value> { places[file].map { files[$0].durable } ?? .absent }

    /// nil when there is no such volume.
    func data(ofVolume volume: Int) -> VolumeData? { volumes.indices.contains(volume) ? volumes[volume] : nil }

    /// Operations that are not complete.
    var waiting: Int { operations.count }

    /// Asks for something. Writes are seen by readers from now on; synced they are when the operation is complete.
    mutating func submit(_ request: DiskRequest<Value>, at now: SimulationTime) -> Ticket {
        let failure = failure(of: request)
        if failure == nil { write(request) }
        let operation = Operation(
            request: request, failure: failure, sequence: sequence, length: dataLength(of: request))
        let handle = operations.insert(operation)
        return Ticket(operation: handle, due: isHung ? nil : dueTime(of: request, at: now))
    }

    /// What came of an operation; nil while the disk hangs, and for one that a loss of power has undone.
    mutating func complete(_ handle: Slab<Operation>.Handle, at now: SimulationTime) -> DiskAnswer<Value>? {
        guard !isHung, let operation = operations.remove(handle) else { return nil }
        if let failure = operation.failure { return .failed(failure) }
        switch operation.request {
        case .read(let file): return .content(contents(of: file))
        case .overwrite, .remove, .append(_, _, synced: false), .appendRun(_, _, synced: false): return .done
        case .replace(let file, _), .sync(let file):
            guard !failsSync() else { return failSync(of: file, operation) }
            didSync(file, operation.sequence)
        case .append(let volume, _, synced: true), .appendRun(let volume, _, synced: true), .syncData(let volume):
            guard !failsSync() else { return failSync(ofVolume: volume, operation) }
            updateData(volume) { $0.didSync(upTo: operation.length) }
        case .setData(let volume, _): updateData(volume) { $0.didSync(upTo: $0.length) }
        }
        return .done
    }

    /// The disk stops answering, or answers again.
    ///
    /// - Returns: when what waits is done now; to be put into the queue.
    mutating func setHung(_ hangs: Bool, at now: SimulationTime) -> [Ticket] {
        if hangs, !isHung { counters.count(.diskHung) }
        let wasHung = isHung
        isHung = hangs
        guard wasHung, !hangs else { return [] }
        busyUntil = now
        return operations.handles.compactMap { handle in
            operations[handle].map { Ticket(operation: handle, due: dueTime(of: $0.request, at: now)) }
        }
    }

    /// Nobody has a volume mounted any more.
    mutating func forgetCache(ofVolume volume: Int) { updateData(volume) { $0.forgetUnwritten() } }

    /// Nothing that waits is done any more: power was lost, or the disk was replaced.
    mutating func forgetOperations() {
        operations.removeAll()
        busyUntil = .zero
    }

    /// From now on it is a copy whose faults strike nobody.
    mutating func detach() { counters = FaultCounters() }

    /// All files and volumes are those of another disk, or none.
    mutating func replaceContents(files: [DiskFileState<Value>], volumes: [VolumeData?]) {
        self.files = files
        self.volumes = volumes
        places.removeAll(keepingCapacity: true)
        for (place, state) in files.enumerated() { places[state.file] = place }
    }

    private mutating func failure(of request: DiskRequest<Value>) -> DiskError? {
        if faults.isFull, request.needsSpace {
            counters.count(.diskFull)
            return .full
        }
        if faultRandom.happens(faults.inputOutputError) {
            counters.count(.diskInputOutputError)
            return .inputOutput
        }
        return nil
    }

    private mutating func write(_ request: DiskRequest<Value>) {
        sequence += 1
        switch request {
        case .read, .sync, .syncData: break
        case .overwrite(let file, let value): write(.value(value), to: file, isTearable: true)
        case .replace(let file, let value): write(.value(value), to: file, isTearable: false)
        case .remove(let file): write(.absent, to: file, isTearable: false)
        case .append(let volume, let write, _): append(DataRun(write), volume)
        case .appendRun(let volume, let run, _): append(run, volume)
        case .setData(let volume, let data):
            while volumes.count <= volume { volumes.append(nil) }
            volumes[volume] = data
        }
    }

    private mutating func write(_ content: DiskContent<Value>, to file: DiskFile, isTearable: Bool) {
        let place: Int
        if let known = places[file] {
            place = known
        } else {
            place = files.count
            files.append(DiskFileState(file: file))
            places[file] = place
        }
        files[place].cached = content
        files[place].dirty.append(.init(content: content, sequence: sequence, isTearable: isTearable))
    }

    private mutating func append(_ run: DataRun, _ volume: Int) {
        while volumes.count <= volume { volumes.append(nil) }
        if volumes[volume] == nil { volumes[volume] = VolumeData() }
        updateData(volume) { data, regressions in if !data.append(run) { regressions += 1 } }
    }

    private mutating func updateData(_ volume: Int, _ body: (inout VolumeData) -> Void) {
        guard volumes.indices.contains(volume), volumes[volume] != nil else { return }
        body(&volumes[volume]!)
    }

    private mutating func updateData(_ volume: Int, _ body: (inout VolumeData, inout Int) -> Void) {
        body(&volumes[volume]!, &regressions)
    }

    private func dataLength(of request: DiskRequest<Value>) -> Int64 {
        switch request {
        case .append(let volume, _, _), .appendRun(let volume, _, _), .syncData(let volume):
            data(ofVolume: volume)?.length ?? 0
        case .read, .overwrite, .replace, .remove, .sync, .setData: 0
        }
    }

    private mutating func didSync(_ file: DiskFile, _ sequence: UInt64) {
        guard let place = places[file],
            let last = files[place].dirty.lastIndex(where: { $0.sequence <= sequence })
        else { return }
        files[place].durable = files[place].dirty[last].content
        files[place].dirty.removeSubrange(...last)
    }

    private mutating func failsSync() -> Bool {
        guard faultRandom.happens(faults.syncFailure) else { return false }
        counters.count(.diskSyncFailed)
        return true
    }

    /// The pages count as clean from now on: readers see them, and no later sync writes them.
    ///
    /// - Source: the PostgreSQL community's "fsyncgate", 2018.
    private mutating func failSync(of file: DiskFile, _ operation: Operation) -> DiskAnswer<Value> {
        if let place = places[file] { files[place].dirty.removeAll { $0.sequence <= operation.sequence } }
        return .failed(.inputOutput)
    }

    private mutating func failSync(ofVolume volume: Int, _ operation: Operation) -> DiskAnswer<Value> {
        let unsynced = data(ofVolume: volume).map { max(0, operation.length - $0.syncedLength) } ?? 0
        let kept = faultRandom.integer(in: 0...unsynced)
        updateData(volume) { $0.didFailSync(upTo: operation.length, kept: kept) }
        return .failed(.inputOutput)
    }

    /// Reads and writes of the page cache take their own time; what must reach the disk queues for it.
    private mutating func dueTime(of request: DiskRequest<Value>, at now: SimulationTime) -> SimulationTime {
        if faults.slowness > 1 { counters.count(.diskSlow) }
        let syncs = request.syncs
        guard syncs > 0 else {
            return now + latencyRandom.heavyTail(least: .microseconds(30), most: .milliseconds(5)) * faults.slowness
        }
        var service = SimulationDuration.zero
        for _ in 0..<syncs {
            service = service + latencyRandom.heavyTail(least: .microseconds(1_100), most: .milliseconds(150))
        }
        busyUntil = max(busyUntil, now) + service * faults.slowness
        return busyUntil
    }
}

extension DiskRequest {
    fileprivate var needsSpace: Bool {
        switch self {
        case .overwrite, .replace, .append, .appendRun, .setData(_, .some): true
        case .read, .remove, .sync, .syncData, .setData(_, nil): false
        }
    }

    /// How many syncs of the disk it waits for: 643 a second were measured on ext4.
    fileprivate var syncs: Int {
        switch self {
        case .read, .overwrite, .remove, .append(_, _, synced: false), .appendRun(_, _, synced: false): 0
        case .sync, .append(_, _, synced: true), .appendRun(_, _, synced: true), .syncData: 1
        case .replace: 2
        case .setData: 4
        }
    }
}

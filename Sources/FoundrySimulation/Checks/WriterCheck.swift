import FoundryModel

/// Never two that can write to one branch, and no bytes of an older epoch behind those of a later one.
///
/// Told by the simulated kernel and disk, not by anything that our machines believe.
struct WriterCheck {
    private struct Writer {
        let engine: Engine
        let volume: Int
        let epoch: UInt64
        /// Its cell was said to be off by a device that lies: no promise covers what follows.
        var isExcused = false

        /// It is neither gone nor frozen with SIGKILL pending; a machine that stands still may go on.
        var canWrite: Bool {
            guard let container = engine.cell.container(engine.container, pid: engine.pid), !container.isDead else {
                return false
            }
            return !(container.isFrozen && container.isKilled) && engine.cell.machine.isOn
        }
    }

    /// One branch of one lineage.
    private struct Line {
        /// Of the newest holder that began to serve, or wrote.
        var epoch: UInt64 = 0
        var writer: ObjectIdentifier?
        var volume = -1
        var writers: [Writer] = []
    }

    /// By number of the lineage, and branch.
    private var lines: [[Line]] = []

    init() {}

    /// A holder begins to serve.
    mutating func start(_ engine: Engine, volume: Int, at now: SimulationTime) -> Violation? {
        reserve(engine)
        let (lineage, branch) = (engine.lineage, engine.branch)
        lines[lineage][branch].writers.removeAll { !$0.canWrite || $0.engine === engine }
        // One on a machine that stands still writes nothing now; should it wake and write, its bytes tell.
        let rival = lines[lineage][branch].writers.first { !$0.isExcused && !$0.engine.cell.machine.isPaused }
        lines[lineage][branch].writers.append(Writer(engine: engine, volume: volume, epoch: engine.epoch.value))
        if let rival {
            return Violation(
                .oneWriter, at: now,
                "\(engine.place) begins to serve branch \(branch) under epoch \(engine.epoch), while \(rival.engine.place) can still write to it under epoch \(rival.epoch)"
            )
        }
        return follow(engine, volume, at: now)
    }

    /// Bytes of a holder reach its volume.
    @inline(__always)
    mutating func write(_ engine: Engine, volume: Int, epoch: Epoch, at now: SimulationTime) -> Violation? {
        let isKnown =
            engine.lineage < lines.count && engine.branch < lines[engine.lineage].count
            && lines[engine.lineage][engine.branch].writer == ObjectIdentifier(engine)
            && lines[engine.lineage][engine.branch].epoch == epoch.value
        return isKnown ? nil : follow(engine, volume, at: now)
    }

    private mutating func follow(_ engine: Engine, _ volume: Int, at now: SimulationTime) -> Violation? {
        reserve(engine)
        let last = lines[engine.lineage][engine.branch]
        let isExcused = last.writers.contains { $0.engine === engine && $0.isExcused }
        guard engine.epoch.value >= last.epoch else {
            guard !isExcused else { return nil }
            return Violation(
                .epochsInOrder, at: now,
                "\(engine.place) writes to branch \(engine.branch) under epoch \(engine.epoch), after epoch \(last.epoch) was served"
            )
        }
        let isSecond = engine.epoch.value == last.epoch && last.volume >= 0 && last.volume != volume
        lines[engine.lineage][engine.branch].epoch = engine.epoch.value
        lines[engine.lineage][engine.branch].writer = ObjectIdentifier(engine)
        lines[engine.lineage][engine.branch].volume = volume
        guard isSecond, !isExcused else { return nil }
        return Violation(
            .oneWriter, at: now, "\(engine.place) is the second copy that is written to under epoch \(engine.epoch)")
    }

    /// A device lied about a cell.
    mutating func excuse(cell: Int) {
        for lineage in lines.indices {
            for branch in lines[lineage].indices {
                for writer in lines[lineage][branch].writers.indices
                where lines[lineage][branch].writers[writer].engine.cell.index == cell {
                    lines[lineage][branch].writers[writer].isExcused = true
                }
            }
        }
    }

    /// Whether a holder of the volume, under this epoch or an older one, can still write on a cell.
    func canWrite(_ volume: Int, on cell: Int, upTo epoch: Epoch) -> Bool {
        lines.contains { branches in
            branches.contains { line in
                line.writers.contains {
                    $0.volume == volume && $0.engine.cell.index == cell && $0.epoch <= epoch.value && !$0.isExcused
                        && $0.canWrite
                }
            }
        }
    }

    private mutating func reserve(_ engine: Engine) {
        while lines.count <= engine.lineage { lines.append([]) }
        while lines[engine.lineage].count <= engine.branch { lines[engine.lineage].append(Line()) }
    }
}

extension Engine {
    /// For stories: which copy it is, and where.
    var place: String { "member \(member.short) on cell c\(cell.index)" }
}

import FoundryModel

/// A holder's process, from when it begins to serve.
typealias WriterNumber = Int

/// Never two that can write to one branch, and no bytes of an older epoch behind those of a later one.
///
/// Told by the simulated kernels and disks, not by anything that our machines believe.
struct WriterCheck {
    private struct Writer {
        let engine: Engine
        let volume: Int
        let epoch: UInt64
        let line: Int
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
        var writer: WriterNumber = -1
        var alive: [WriterNumber] = []
    }

    private var writers: [Writer] = []
    private var lines: [Line] = []
    /// By number of the lineage, and branch.
    private var places: [[Int]] = []

    init() {}

    /// A holder begins to serve; its engine keeps the number.
    mutating func start(_ engine: Engine, volume: Int, at now: SimulationTime) -> Violation? {
        let line = line(engine.lineage, engine.branch)
        let writers = writers
        lines[line].alive.removeAll { !writers[$0].canWrite }
        // One on a machine that stands still writes nothing now; should it wake and write, its bytes tell.
        let rival = lines[line].alive.first { !writers[$0].isExcused && !writers[$0].engine.cell.machine.isPaused }
        let number = writers.count
        self.writers.append(Writer(engine: engine, volume: volume, epoch: engine.epoch.value, line: line))
        lines[line].alive.append(number)
        engine.writer = number
        if let rival {
            let other = writers[rival]
            return Violation(
                .oneWriter, at: now,
                "\(engine.place) begins to serve branch \(engine.branch) under epoch \(engine.epoch), while \(other.engine.place) can still write to it under epoch \(other.epoch)"
            )
        }
        return follow(number, engine.epoch.value, at: now)
    }

    /// Bytes of a holder reach its volume.
    @inline(__always)
    mutating func write(_ writer: WriterNumber, epoch: Epoch, at now: SimulationTime) -> Violation? {
        let line = writers[writer].line
        if lines[line].writer == writer, lines[line].epoch == epoch.value { return nil }
        return follow(writer, epoch.value, at: now)
    }

    private mutating func follow(_ number: WriterNumber, _ epoch: UInt64, at now: SimulationTime) -> Violation? {
        let writer = writers[number]
        let last = lines[writer.line]
        guard epoch >= last.epoch else {
            guard !writer.isExcused else { return nil }
            return Violation(
                .epochsInOrder, at: now,
                "\(writer.engine.place) writes to branch \(writer.engine.branch) under epoch \(epoch), after epoch \(last.epoch) was served"
            )
        }
        let isSecond = epoch == last.epoch && last.writer >= 0 && writers[last.writer].volume != writer.volume
        lines[writer.line].epoch = epoch
        lines[writer.line].writer = number
        guard isSecond, !writer.isExcused else { return nil }
        return Violation(
            .oneWriter, at: now, "\(writer.engine.place) is the second copy that is written to under epoch \(epoch)")
    }

    /// People let the others go on without what lies on a cell, which may have been written under a later epoch.
    mutating func goOnWithout(lineage: Int) {
        guard places.indices.contains(lineage) else { return }
        for line in places[lineage] { lines[line].epoch = 0 }
    }

    /// A device lied about a cell.
    mutating func excuse(cell: Int) {
        for number in writers.indices where writers[number].engine.cell.index == cell {
            writers[number].isExcused = true
        }
    }

    /// Whether a holder of the volume, under this epoch or an older one, can still write on a cell.
    func canWrite(_ volume: Int, on cell: Int, upTo epoch: Epoch) -> Bool {
        lines.contains { line in
            line.alive.contains {
                writers[$0].volume == volume && writers[$0].engine.cell.index == cell
                    && writers[$0].epoch <= epoch.value && !writers[$0].isExcused && writers[$0].canWrite
            }
        }
    }

    private mutating func line(_ lineage: Int, _ branch: Int) -> Int {
        while places.count <= lineage { places.append([]) }
        while places[lineage].count <= branch {
            places[lineage].append(lines.count)
            lines.append(Line())
        }
        return places[lineage][branch]
    }
}

extension Engine {
    /// For stories: which copy it is, and where.
    var place: String { "the copy of app-\(workload) on cell c\(cell.index)" }
}

import FoundryEffects
import FoundryModel
import Glibc

/// What our own processes take of the machine, from `/proc`.
struct ProcessMetrics {
    /// Those that have a pid file; docs/internals/shape.md says what each is.
    private static let names = ["supervisor", "server", "cell", "router", "haproxy"]

    let paths: Paths

    func write(to text: inout MetricsText) {
        let readings = Self.names.compactMap { name in read(name).map { (labels: [("process", name)], reading: $0) } }
        text.family(
            "foundry_process_cpu_seconds_total", .counter, "Processor time of a process of the platform.",
            readings.map { MetricSample(decimal: $0.reading.cpuSeconds, $0.labels) })
        text.family(
            "foundry_process_resident_memory_bytes", .gauge,
            "Memory of a process of the platform, shared pages included.",
            readings.map { MetricSample($0.reading.residentBytes, $0.labels) })
        text.family(
            "foundry_process_start_time_seconds", .gauge, "When a process of the platform began, since 1970.",
            readings.map { MetricSample(decimal: $0.reading.startSeconds, $0.labels) })
    }

    struct Reading: Sendable {
        var cpuSeconds: Double
        var residentBytes: Int64
        var startSeconds: Double
    }

    /// - Returns: nil when it does not run.
    private func read(_ name: String) -> Reading? {
        guard let text = ProcFile.read(paths.pidFile(name)), let process = ProcessIdentity(parsing: text),
            let stat = ProcFile.read("/proc/\(process.pid)/stat"), process.isAlive
        else { return nil }
        let started = SystemClock.timestamp() + -process.uptimeMilliseconds
        return Self.parse(stat).map {
            Reading(
                cpuSeconds: $0.cpuSeconds, residentBytes: $0.residentBytes,
                startSeconds: Double(started.millisecondsSince1970) / 1000)
        }
    }

    /// - Source: proc_pid_stat(5): utime is field 14, stime 15, rss (pages) 24; the name may hold anything.
    static func parse(_ stat: String) -> (cpuSeconds: Double, residentBytes: Int64)? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 21, let user = Int64(fields[11]), let system = Int64(fields[12]),
            let pages = Int64(fields[21])
        else { return nil }
        let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        return (Double(user + system) / ticks, pages * Int64(sysconf(Int32(_SC_PAGESIZE))))
    }
}

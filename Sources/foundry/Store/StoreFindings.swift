import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryServer
import FoundrySupervisor

#if canImport(Glibc)
import Glibc
#endif

/// What `doctor` says of an installation: its store, the backups of it, its processes, and what lies on its pool that no record knows.
enum StoreFindings {
    /// - Returns: none where nothing was set up.
    static func of(_ data: String) async -> [Finding] {
        guard geteuid() == 0, let configuration = try? ConfigurationFile.load(data: data) else { return [] }
        let paths = Paths(data: data, instance: configuration.instance)
        let report = await StatusReport.make(paths, configuration)
        return [store(paths)] + backups(paths) + processes(report) + unknown(report)
    }

    private static func store(_ paths: Paths) -> Finding {
        guard AbsolutePath.isThere(paths.generation) else { return Finding("store", .ok, found: "not made yet") }
        do throws(FoundryError) {
            let found = try StoreCare(paths).check()
            guard found.damage.isEmpty else {
                return Finding(
                    "store", .missing, found: "damaged: \(found.damage.joined(separator: "; "))",
                    consequence: "records may be lost, and the server may not start; members that run go on",
                    remedy: StoreCare(paths).advice, isNecessary: true)
            }
            let odd = found.unreadable + found.flaws.map { "\($0.key) \($0.text)" }
            guard let first = odd.first else {
                return Finding("store", .ok, found: "sound, \(found.records) records, revision \(found.revision)")
            }
            return Finding(
                "store", .degraded, found: odd.count == 1 ? first : "\(first), and \(odd.count - 1) more",
                consequence: "these records are left as they are, and take no part", remedy: "foundry store check")
        } catch {
            return Finding(
                "store", .missing, found: error.message,
                consequence: "the server does not start; members that run go on", remedy: error.hint, isNecessary: true)
        }
    }

    private static func backups(_ paths: Paths) -> [Finding] {
        let all = StoreCare(paths).backups
        guard let newest = all.last else {
            return [
                Finding(
                    "store backups", .degraded, found: "none",
                    consequence: "a store that is damaged cannot be restored",
                    remedy: "foundry store backup FILE")
            ]
        }
        let count = all.count == 1 ? "1" : "\(all.count)"
        return [Finding("store backups", .ok, found: "\(count) in \(paths.backups), the newest of \(newest)")]
    }

    /// Those that should run and do not.
    private static func processes(_ report: StatusReport) -> [Finding] {
        guard report.state == .impaired else { return [] }
        return report.daemons.filter { $0.pid == nil || $0.restarts > 2 }.compactMap { daemon in
            guard let end = daemon.lastEnd else { return nil }
            let log = "\(report.data)/log/\(daemon.name).log"
            let words = LastWords.of(log)
            return Finding(
                daemon.name, .degraded, found: words.map { "ends again and again: \($0)" } ?? end,
                consequence: "it is started again and again; members that run go on", remedy: "see \(log)")
        }
    }

    private static func unknown(_ report: StatusReport) -> [Finding] {
        let unknown = report.api?.unknown ?? []
        guard !unknown.isEmpty else { return [] }
        let names = unknown.prefix(5).map { "\($0.kind) \($0.guid.prefix(8))" }.joined(separator: ", ")
        return [
            Finding(
                "unknown data", .degraded,
                found: names + (unknown.count > 5 ? " and \(unknown.count - 5) more" : ""),
                consequence: "no record knows of it: it is left as it is, and takes room on the pool",
                remedy: "docs/guide/store.md says how to read it, and how it comes back")
        ]
    }
}

/// The last error that a daemon wrote into its log.
enum LastWords {
    static func of(_ log: String) -> String? {
        let lines = (ProcFile.read(log, fromEnd: true) ?? "").split(separator: "\n")
        guard let line = lines.last(where: { $0.hasPrefix("error[") || $0.hasPrefix("Error: ") }) else { return nil }
        return String(line.prefix(300))
    }
}

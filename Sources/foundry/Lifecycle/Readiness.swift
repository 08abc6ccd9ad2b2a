import FoundryClient
import FoundryEffects
import FoundryModel
import FoundrySupervisor

/// Whether a platform serves yet.
struct Readiness: Sendable {
    enum State: Hashable, Sendable {
        case apiSilent
        case cellSilent
        case ready

        var words: String {
            switch self {
            case .apiSilent: "the API does not answer yet"
            case .cellSilent: "the cell has not reported yet (the first time it makes the pool)"
            case .ready: "ready"
            }
        }
    }

    /// A pool of 64 GiB on a slow disk takes a while to be made.
    private static let limitMilliseconds: Int64 = 300_000
    /// So many starts of one daemon, and it is not going to become better.
    private static let hopelessRestarts = 8

    private let api: FoundryAPI
    private let paths: Paths

    /// - Throws: `configuration_invalid`.
    init(_ installation: Installation) throws(FoundryError) {
        paths = installation.paths
        let url = "https://127.0.0.1:\(installation.configuration.apiPort)"
        api = try FoundryAPI(try InstallationKeys.read(paths).target(url: url))
    }

    func close() async { await api.close() }

    func look() async -> State {
        guard let status = try? await api.status() else { return .apiSilent }
        return status.cells.contains { $0.lastReportAt != nil } ? .ready : .cellSilent
    }

    private var place: String { paths.data == Paths.usualData ? "" : " --data \(paths.data)" }

    var isSupervised: Bool { PidFile.live(paths.pidFile("supervisor")) != nil }

    /// - Parameter unsupervised: for how long no supervisor was seen; a new one takes the place of one that died.
    /// - Throws: `command_failed` when a daemon ends again and again; `timed_out`.
    func refuseHopeless(_ state: State, waited milliseconds: Int64, unsupervised: Int64) throws(FoundryError) {
        guard unsupervised < 5_000 else {
            throw FoundryError(.commandFailed, "The supervisor ended.", hint: "see \(paths.logs)/supervisor.log")
        }
        if let record = DaemonRecord.load(paths.daemonRecords).first(where: {
            $0.nextStart != nil && $0.restarts >= Self.hopelessRestarts
        }) {
            throw FoundryError(
                .commandFailed, "\(record.name) ends again and again: it \(record.lastReason ?? "cannot be started").",
                detail: LogTail.of("\(paths.logs)/\(record.name).log"),
                hint:
                    "foundry doctor\(place); it is tried again and again, and its log is \(paths.logs)/\(record.name).log"
            )
        }
        guard milliseconds < Self.limitMilliseconds else {
            throw FoundryError(
                .timedOut, "The platform does not serve: \(state.words).",
                hint: "foundry status; the logs are in \(paths.logs)")
        }
    }
}

import FoundryClient
import FoundryEffects
import FoundryModel
import FoundrySupervisor

/// The platform on this machine, as far as it can be seen.
struct StatusReport: Hashable, Sendable, Codable {
    enum State: String, Hashable, Sendable, Codable {
        case up
        /// Something that should run does not, or does not answer.
        case impaired
        /// A `down` is in progress.
        case stopping
        case down
    }

    var state: State
    var instance: String
    var data: String
    var url: String
    var daemons: [DaemonStatus]
    var pool: PoolUsage?
    /// What the API says; nil when it does not answer.
    var api: StatusAnswer?
    /// What is wrong, one sentence each.
    var problems: [String]

    /// Looks: at processes first, then asks the API.
    static func make(_ paths: Paths, _ configuration: PlatformConfiguration) async -> Self {
        let daemons = DaemonStatus.all(paths)
        let isAnythingThere = Shutdown.isAnythingThere(paths)
        let url = "https://127.0.0.1:\(configuration.apiPort)"
        let answer: Result<StatusAnswer, FoundryError>? = isAnythingThere ? await ask(paths, url) : nil
        var problems = daemons.filter { isAnythingThere && $0.pid == nil }.map { daemon in
            "\(daemon.name) does not run" + (daemon.lastEnd.map { ": \($0)" } ?? "")
        }
        if case .failure(let error)? = answer { problems.append("the API does not answer: \(error.message)") }
        if case .success(let status)? = answer { problems += status.problems }
        let isStopping = Shutdown.isInProgress(paths)
        let state: State = !isAnythingThere ? .down : isStopping ? .stopping : problems.isEmpty ? .up : .impaired
        return Self(
            state: state, instance: paths.instance, data: paths.data, url: url, daemons: daemons,
            pool: PoolUsage.of(paths),
            api: try? answer?.get(), problems: problems)
    }

    /// By the keys of the data directory: they are there whoever asks.
    private static func ask(_ paths: Paths, _ url: String) async -> Result<StatusAnswer, FoundryError> {
        do throws(FoundryError) {
            let api = try FoundryAPI(try InstallationKeys.read(paths).target(url: url))
            let answer: Result<StatusAnswer, FoundryError>
            do throws(FoundryError) { answer = .success(try await api.status()) } catch { answer = .failure(error) }
            await api.close()
            return answer
        } catch {
            return .failure(error)
        }
    }
}

extension InstallationKeys {
    func target(url: String) -> APITarget { APITarget(url: url, authorities: authority, token: token) }
}

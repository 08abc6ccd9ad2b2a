import FoundryClient
import FoundryEffects
import FoundryModel
import Hummingbird

/// Sees every request of the API and its answer: counts all of them, and writes down who changed something, saw a secret, or was refused.
struct RequestWitness: Sendable {
    /// What is known of a request, as far as it came.
    struct Account: Sendable {
        var route = RequestTally.unmatched
        var caller: String?
        var isSecret = false
        var parameters: [String: String] = [:]
        /// The name of the app that it is about, as it was before it was answered.
        var app: String?
        let note = AuditNote()
        var broker: BrokerHead?
    }

    private static let longestPath = 200

    let tally: RequestTally
    let audit: AuditLog
    let feed: ViewFeed

    /// The app, or the service instance, that a request names, before the answer can make it go.
    func app(_ parameters: [String: String]) -> String? {
        if let instance = parameters["instance_id"].flatMap({ ServiceInstanceID($0) }) {
            return feed.view.instances[instance]?.value.name.description
        }
        return parameters["guid"].flatMap { AppID($0) }.flatMap { feed.view.apps[$0] }?.value.name.description
    }

    func saw(
        _ request: Request, _ account: Account, _ response: Response, _ error: FoundryError?, milliseconds: Int64
    ) async {
        let status = Int(response.status.code)
        tally.add(request.method, account.route, status: status, milliseconds: milliseconds)
        let isRefused = [401, 403].contains(status)
        guard ![.get, .head].contains(request.method) || account.isSecret || isRefused else { return }
        let entry = AuditEntry(
            time: WireTime(SystemClock.timestamp()), token: account.caller,
            method: String(request.method.rawValue.prefix(20)), path: Self.path(request),
            app: account.app ?? app(of: response), status: status, error: error?.code.rawValue,
            program: account.note.program, identity: account.broker?.identity, request: account.broker?.request)
        await audit.write(entry, now: SystemClock.monotonic())
    }

    /// Of what is made: the app of the job that the answer names.
    private func app(of response: Response) -> String? {
        guard let job = response.headers[.location]?.split(separator: "/").last.flatMap({ JobID(String($0)) }) else {
            return nil
        }
        return feed.view.jobs[job]?.value.appName.description
    }

    /// Without the query, which may hold anything; what is not printable is left out.
    private static func path(_ request: Request) -> String {
        let path = (request.head.path ?? "").prefix { $0 != "?" }
        return String(
            path.unicodeScalars.filter { (0x21..<0x7f).contains($0.value) }.prefix(longestPath).map(Character.init))
    }
}

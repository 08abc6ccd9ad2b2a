import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules

/// Reads the credentials that an image made for its clients, where such images put them: `credentials`, at the root of the volume.
///
/// The file is the tenant's: it is opened inside the member's own root, no link is followed, and little of it is read. Never logged.
struct Credentials {
    private static let largest = 4 << 10

    let platform: Platform

    /// Of several instances the one that is named, reached by its own address: each has credentials of its own.
    ///
    /// - Throws: `app_not_found`; `not_found` when the app has none, or does not run; `bad_request` when none of several instances is named.
    func read(_ request: APIRequest) async throws(FoundryError) -> CredentialsAnswer {
        let view = platform.view
        let app = try platform.app(request, in: view).value
        guard app.spec.service == nil else {
            throw FoundryError(
                .notFound, "\(app.name) is a service: each key and each bound app has credentials of its own.",
                hint: "foundry create-service-key \(app.name) me")
        }
        guard let mount = app.spec.disk?.mounts.first?.path else { throw missing(app, "it has no volume") }
        let instance = try QueryReader(request.query, known: ["instance"]).number(
            "instance", in: MemberChoice.numbers)
        guard !view.members(of: app.id).isEmpty else { throw missing(app, "it does not run") }
        let member = try MemberChoice.find(app, instance, in: view) {
            "foundry credentials \(app.name) --instance \($0)"
        }
        guard let status = view.statuses[member.id]?.value, let pid = status.pid else {
            throw missing(app, "it does not run")
        }
        let values = Self.values(try text(app, member.id, pid: pid, path: "\(mount)/credentials"))
        let route = view.route(of: app.id)
        let isOne = app.spec.instances == 1
        return CredentialsAnswer(
            user: values["user"], password: values["password"], dbname: values["dbname"],
            host: isOne ? route.flatMap { platform.host(of: $0.scope) } : status.address,
            port: isOne ? route?.port : app.spec.targetPort)
    }

    private func text(_ app: AppRecord, _ member: MemberID, pid: Int32, path: String) throws(FoundryError) -> String {
        do {
            // Its control group tells, once the root is open, whether the number is still the member's.
            return try ProcessRoot.text(of: path, in: pid, largest: Self.largest) { isOf(member, pid: pid) }
        } catch {
            throw missing(app, "its image made none", detail: "\(path): \(error)")
        }
    }

    private func isOf(_ member: MemberID, pid: Int32) -> Bool {
        guard let text = ProcFile.read("/proc/\(pid)/cgroup") else { return false }
        let group = platform.paths.cgroup(member)
        return text.split(separator: "\n").contains { line in
            line.hasSuffix(group) || line.contains("\(group)/")
        }
    }

    /// `name=value` lines.
    static func values(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let sides = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if sides.count == 2 { values[String(sides[0])] = String(sides[1]) }
        }
        return values
    }

    private func missing(_ app: AppRecord, _ why: String, detail: String? = nil) -> FoundryError {
        FoundryError(
            .notFound, "\(app.name) has no credentials to show: \(why).", detail: detail,
            hint: "foundry app \(app.name)")
    }
}

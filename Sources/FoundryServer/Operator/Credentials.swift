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

    /// - Throws: `app_not_found`; `not_found` when the app has none, or does not run.
    func read(_ request: APIRequest) async throws(FoundryError) -> CredentialsAnswer {
        let view = platform.view
        let app = try platform.app(request, in: view).value
        guard let mount = app.spec.disk?.mounts.first?.path else { throw missing(app, "it has no volume") }
        guard let member = view.members(of: app.id).first, let pid = view.statuses[member.id]?.value.pid else {
            throw missing(app, "it does not run")
        }
        let values = Self.values(try text(app, member.id, pid: pid, path: "\(mount)/credentials"))
        let route = view.route(of: app.id)
        return CredentialsAnswer(
            user: values["user"], password: values["password"], dbname: values["dbname"],
            host: route.flatMap { platform.host(of: $0.scope) },
            port: route?.port)
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

import FoundryClient
import FoundryModel

/// One app with all that is its own.
public struct AppView {
    private let app: AppSummary
    private let now: Timestamp

    public init(_ app: AppSummary, now: Timestamp) {
        self.app = app
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        var fields = FieldList()
        fields.add("name", .init(app.name, .strong))
        fields.add("state", .init(app.state, TextStyle.ofState(app.state)))
        fields.add("wanted", .init(app.desired))
        fields.add("change", ifAny: app.change)
        if app.instances > 1 { fields.add("instances", .init("\(app.healthyMembers) of \(app.instances) healthy")) }
        fields.add("image", .init(ImageText.of(app.image)))
        fields.add("address", .init(app.route.map(RouteText.of) ?? "no route"))
        for member in app.members { fields.add("member", .init(MemberText(member, now: now).line)) }
        for member in app.members {
            let name = app.members.count > 1 ? "\(member.name): " : ""
            fields.add("reason", ifAny: (member.reason ?? member.refusal?.message).map { name + $0 })
            fields.add(
                "last end",
                ifAny: member.lastExit.map { "\(name)\($0.reason), \(AgeText.since($0.time.timestamp, now: now)) ago" })
        }
        fields.add("memory", .init(ByteCount(bytes: app.memory).description))
        fields.add("cpu", .init(CoresText.of(app.cpuMillicores)))
        fields.add("disk", .init(disk))
        if !app.ephemeralPaths.isEmpty { fields.add("in memory", .init(app.ephemeralPaths.joined(separator: ", "))) }
        fields.add("policy", .init(PolicyText.of(app.restartPolicy, app.policy)))
        for check in app.checks { fields.add("check", .init(check)) }
        fields.add("variables", ifAny: app.environmentNames.joined(separator: ", "))
        fields.add("created", .init(app.createdAt.timestamp.description))
        return fields.lines(on: terminal)
    }

    private var disk: String {
        guard let disk = app.disk else { return "none" }
        let all = app.volumes.compactMap(\.used).map { ByteCount(bytes: $0).description }
        let used = all.isEmpty ? "" : ", \(all.joined(separator: " and ")) used"
        return "\(ByteCount(bytes: disk)) at \(app.mounts.joined(separator: ", "))\(used)"
    }
}

extension AppSummary {
    var healthyMembers: Int { members.count { $0.phase == "healthy" } }
}

enum PolicyText {
    /// What goes without saying is left out.
    static func of(_ restartPolicy: String, _ policy: PolicySummary) -> String {
        var words = [restartPolicy]
        if let sync = policy.diskSync, sync != "normal" { words.append("disk sync \(sync)") }
        if let io = policy.ioPerformance, io != "max" { words.append("io performance \(io)") }
        words += policy.tolerates.map { "tolerates \($0)" }
        if policy.fence != "session" { words.append("fence \(policy.fence)") }
        if policy.whenLost != "wait" { words.append("when lost \(policy.whenLost)") }
        return words.joined(separator: ", ")
    }
}

/// A member in one line: `demo/0 healthy since 3m, 10.77.3.2, pid 4711, 1 restart`.
struct MemberText {
    private let member: MemberSummary
    private let now: Timestamp

    init(_ member: MemberSummary, now: Timestamp) {
        self.member = member
        self.now = now
    }

    var line: String {
        var parts = [
            "\(member.name) \(member.phase)"
                + (member.since.map { " since \(AgeText.since($0.timestamp, now: now))" } ?? "")
        ]
        if let role = member.role { parts.append(role) }
        if let next = member.nextTry { parts.append("next try in \(AgeText.of(milliseconds: next.timestamp - now))") }
        if let address = member.address { parts.append(address) }
        if let pid = member.pid { parts.append("pid \(pid)") }
        if member.restarts > 0 { parts.append(member.restarts == 1 ? "1 restart" : "\(member.restarts) restarts") }
        return parts.joined(separator: ", ")
    }
}

/// `redis:7 (bundled), as redis/redis`
enum ImageText {
    static func of(_ image: ImageName) -> String {
        let source = image.source == "bundled" ? " (bundled)" : ""
        return image.name + source + (image.reference == image.name ? "" : ", as \(image.reference)")
    }
}

/// `127.0.0.1:20000 -> 6379`
enum RouteText {
    static func of(_ route: RouteSummary) -> String {
        "\(route.address) -> \(route.targetPort)" + (route.scope == "public" ? ", public" : "")
    }
}

/// `1 core`, `2 cores`, `250m`
enum CoresText {
    static func of(_ millicores: Int) -> String {
        guard millicores % 1000 == 0 else { return "\(millicores)m" }
        return millicores == 1000 ? "1 core" : "\(millicores / 1000) cores"
    }
}

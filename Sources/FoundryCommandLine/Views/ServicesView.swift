import FoundryClient
import FoundryModel

/// All service instances as a table.
public struct ServicesView {
    private let instances: [ServiceInstanceAnswer]
    private let now: Timestamp

    public init(_ instances: [ServiceInstanceAnswer], now: Timestamp) {
        self.instances = instances
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if instances.isEmpty { return ["No services. `foundry marketplace` shows what is offered."] }
        var table = Table([
            .init("name"), .init("offering"), .init("plan"), .init("state"), .init("bound apps", isFlexible: true),
            .init("last operation"), .init("address"), .init("version"), .init("age", .right),
        ])
        for instance in instances {
            let own = instance.foundry
            let apps = Set(own.bindings.compactMap(\.appName)).sorted()
            table.add([
                .init(instance.name, .strong), .init(own.offering), .init(own.plan),
                .init(own.state, TextStyle.ofState(own.state)),
                .init(apps.isEmpty ? "-" : apps.joined(separator: ", ")),
                .init(
                    ServiceWords.operation(instance.lastOperation),
                    instance.lastOperation.state == "failed" ? .bad : .plain),
                .init(own.route?.address ?? "-"),
                .init(own.version + (instance.upgradeAvailable ? " (upgrade)" : "")),
                .init(WireTime(parsing: instance.createdAt).map { AgeText.since($0.timestamp, now: now) } ?? "-"),
            ])
        }
        return table.lines(on: terminal)
    }
}

/// One service instance with all that is its own; never its credentials.
public struct ServiceView {
    private let instance: ServiceInstanceAnswer
    private let now: Timestamp

    public init(_ instance: ServiceInstanceAnswer, now: Timestamp) {
        self.instance = instance
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        let own = instance.foundry
        var fields = FieldList()
        fields.add("name", .init(instance.name, .strong))
        fields.add("state", .init(own.state, TextStyle.ofState(own.state)))
        fields.add("offering", .init("\(own.offering) \(own.version)"))
        fields.add("plan", .init(own.plan))
        if instance.upgradeAvailable, let newest = own.newestVersion {
            fields.add("upgrade", .init("\(newest): foundry update-service \(instance.name) --upgrade", .warning))
        }
        operation(&fields)
        fields.add("change", ifAny: own.change)
        fields.add("address", .init(own.route.map(RouteText.of) ?? "no route"))
        for member in own.members { fields.add("member", .init(MemberText(member, now: now).line)) }
        for member in own.members {
            fields.add("reason", ifAny: (member.reason ?? member.refusal?.message).map { "\(member.name): \($0)" })
        }
        fields.add("memory", .init(ByteCount(bytes: own.memory).description))
        fields.add("disk", .init(disk))
        fields.add("policy", .init(PolicyText.of(own.restartPolicy, own.policy)))
        for (name, value) in own.parameters.sorted(by: { $0.key < $1.key }) {
            let isGiven = own.givenParameters.contains(name)
            fields.add("parameter", .init("\(name) = \(value)\(isGiven ? "" : " (default)")"))
        }
        for binding in own.bindings { fields.add("binding", .init(BindingText(binding, now: now).line)) }
        fields.add("dashboard", ifAny: instance.dashboardUrl)
        fields.add("id", .init(instance.guid))
        fields.add("created", .init("\(instance.createdAt) by \(own.createdBy)"))
        for (name, value) in own.context.sorted(by: { $0.key < $1.key }) {
            fields.add("context", .init("\(name): \(value)"))
        }
        return fields.lines(on: terminal)
    }

    private func operation(_ fields: inout FieldList) {
        let operation = instance.lastOperation
        let age =
            WireTime(parsing: operation.updatedAt).map { ", \(AgeText.since($0.timestamp, now: now)) ago" } ?? ""
        fields.add(
            "operation",
            .init(
                ServiceWords.operation(operation) + age, operation.state == "failed" ? .bad : .plain))
        fields.add("says", ifAny: operation.description)
    }

    private var disk: String {
        guard let disk = instance.foundry.disk else { return "none" }
        let used = instance.foundry.members.compactMap(\.volume?.used).map { ByteCount(bytes: $0).description }
        return ByteCount(bytes: disk).description + (used.isEmpty ? "" : ", \(used.joined(separator: " and ")) used")
    }
}

/// Who has credentials, in one line: `app shop, bound`, `key me, bound, until in 59m`.
struct BindingText {
    private let binding: ServiceBindingSummary
    private let now: Timestamp

    init(_ binding: ServiceBindingSummary, now: Timestamp) {
        self.binding = binding
        self.now = now
    }

    var line: String {
        let who =
            binding.type == "app"
            ? "app \(binding.appName ?? "?")" + (binding.name.map { " as \($0)" } ?? "")
            : binding.name.map { "key \($0)" } ?? "of a client of the broker"
        return "\(who), \(binding.state)" + end
    }

    /// `, for 59m yet`
    private var end: String {
        binding.retiresAt.map { ", for \(AgeText.of(milliseconds: $0.timestamp - now)) yet" } ?? ""
    }
}

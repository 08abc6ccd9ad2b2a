import FoundryModel
import FoundryRules

/// Makes a manifest of what was read; whole only where there were no mistakes.
struct ReleaseDraft {
    let root: ReleaseNode
    let files: ReleaseFiles

    /// - Returns: nil where something that is required is missing.
    var manifest: ReleaseManifest? {
        guard let name = root["name"]?.text.flatMap(AppName.init),
            let version = root["version"]?.text.flatMap(ReleaseVersion.init),
            let title = root["title"]?.text, let description = root["description"]?.text,
            let image = root["image"].flatMap(Self.image), let port = root["port"]?.integer, let binding
        else { return nil }
        let kinds = kinds
        let plans = root["plans"]?.entries.compactMap { Self.plan($0, kinds) } ?? []
        guard plans.count == root["plans"]?.entries.count else { return nil }
        return ReleaseManifest(
            name: name, version: version, title: title, description: description,
            documentation: root["documentation"]?.text, tags: root["tags"]?.items.compactMap(\.text) ?? [],
            image: image, port: Int(port), data: root["data"]?.text, tls: root["tls"]?.flag ?? false,
            secrets: (root["secrets"]?.items.compactMap(\.text) ?? []).sorted(), values: values,
            health: root["health"].flatMap(Self.check) ?? ReleaseCheck(.port), readiness: readiness,
            cluster: root["cluster"]?["start"]?.text.flatMap(ReleaseCluster.Start.init).map(ReleaseCluster.init),
            plans: plans, parameters: Self.parameters(root["parameters"]), binding: binding, verbs: verbs,
            templates: templates)
    }

    private var values: [String: String] {
        var values: [String: String] = [:]
        for entry in root["values"]?.entries ?? [] { values[entry.key] = entry.node.scalar?.description }
        return values
    }

    /// Names of the executables in `verbs/`, sorted.
    var verbs: [String] { files.below("verbs").keys.filter(ReleaseFiles.isVerb).sorted() }

    private var templates: [ReleaseTemplate] {
        files.below("templates").sorted { $0.key < $1.key }.map {
            ReleaseTemplate(path: $0.key, isExecutable: $0.value.isExecutable)
        }
    }

    private var readiness: ReleaseCheck? {
        if let node = root["readiness"] { return Self.check(node) }
        return verbs.contains("ready") ? ReleaseCheck(.verb("ready")) : nil
    }

    /// Of the parameters, by name.
    var kinds: [String: ParameterKind] {
        Dictionary(Self.parameters(root["parameters"]).map { ($0.name, $0.kind) }) { first, _ in first }
    }

    var hasUsers: Bool { root["binding"]?["users"]?.flag ?? verbs.contains("bind") }

    private var binding: ReleaseBinding? {
        guard let node = root["binding"] else { return nil }
        var credentials: [String: String] = [:]
        for entry in node["credentials"]?.entries ?? [] { credentials[entry.key] = entry.node.text }
        return ReleaseBinding(
            parameters: Self.parameters(node["parameters"]), hasUsers: hasUsers, credentials: credentials)
    }

    private static func image(_ node: ReleaseNode) -> ReleaseImage? {
        if let name = node["local"]?.text { return .local(name) }
        if let reference = node["reference"]?.text { return .reference(reference) }
        if let directory = node["packages"]?.text { return .packages(directory) }
        return node["archive"]?.text.map(ReleaseImage.archive)
    }

    private static func check(_ node: ReleaseNode) -> ReleaseCheck? {
        let question: ReleaseCheck.Question? =
            if let verb = node["verb"]?.text {
                .verb(verb)
            } else if let engine = node["protocol"]?.text.flatMap(EngineProtocol.init) {
                .engine(engine)
            } else if node["port"] != nil {
                .port
            } else {
                node["process"].map { _ in .process }
            }
        let milliseconds = { (name: String) in node[name]?.text.flatMap(DurationText.milliseconds) }
        return question.map {
            ReleaseCheck(
                $0, startPeriodMilliseconds: milliseconds("start_period"),
                intervalMilliseconds: milliseconds("interval"),
                timeoutMilliseconds: milliseconds("timeout"))
        }
    }

    private static func plan(_ entry: ReleaseNode.Entry, _ kinds: [String: ParameterKind]) -> ReleasePlan? {
        let node = entry.node
        guard let name = PlanName(entry.key), let description = node["description"]?.text,
            let memory = node["memory"]?.text.flatMap(ByteCount.init(parsing:)),
            let cpu = node["cpu"]?.text.flatMap(Millicores.init(parsing:))
        else { return nil }
        var parameters: [String: ParameterValue] = [:]
        for entry in node["parameters"]?.entries ?? [] {
            parameters[entry.key] = entry.node.scalar.map { value in
                kinds[entry.key].map { fitting(value, $0) } ?? value
            }
        }
        return ReleasePlan(
            name: name, description: description, members: node["members"]?.integer.map(Int.init) ?? 1, memory: memory,
            cpu: cpu, disk: node["disk"]?.text.flatMap(ByteCount.init(parsing:)), policy: policy(node["policy"]),
            parameters: parameters)
    }

    static func policy(_ node: ReleaseNode?) -> ReleasePolicy {
        ReleasePolicy(
            restartPolicy: node?["restart-policy"]?.text, diskSync: node?["disk-sync"]?.text,
            ioPerformance: node?["io-performance"]?.text, fence: node?["fence"]?.text,
            whenLost: node?["when-lost"]?.text)
    }

    static func parameters(_ node: ReleaseNode?) -> [ReleaseParameter] {
        (node?.entries ?? []).compactMap { entry in
            kind(entry.node).map {
                ReleaseParameter(
                    name: entry.key, kind: $0, defaultValue: defaultValue(entry.node, $0),
                    description: entry.node["description"]?.text ?? "",
                    needsRestart: entry.node["restart"]?.flag ?? true)
            }
        }
    }

    static let usualLength = 200

    static func kind(_ node: ReleaseNode) -> ParameterKind? {
        switch node["type"]?.text {
        case "integer":
            .integer(
                minimum: node["minimum"]?.integer ?? Int64.min, maximum: node["maximum"]?.integer ?? Int64.max)
        case "boolean": .boolean
        case "text": .text(longest: node["max_length"]?.integer.map(Int.init) ?? usualLength)
        case "choice": .choice(node["choices"]?.items.compactMap(\.text) ?? [])
        default: nil
        }
    }

    private static func defaultValue(_ node: ReleaseNode, _ kind: ParameterKind) -> ParameterValue? {
        guard let value = node["default"]?.scalar else {
            if case .text = kind { return .text("") }
            return nil
        }
        return fitting(value, kind)
    }

    /// A number without quotes is a text where a text is wanted.
    static func fitting(_ value: ParameterValue, _ kind: ParameterKind) -> ParameterValue {
        switch kind {
        case .text, .choice: .text(value.description)
        case .integer, .boolean: value
        }
    }
}

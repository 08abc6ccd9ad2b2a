import FoundryModel
import FoundryRules

/// Checks what no single field tells: that the parts of a release go together.
struct ReleaseChecks {
    let root: ReleaseNode
    let files: ReleaseFiles
    let draft: ReleaseDraft
    var mistakes: [ReleaseMistake] = []

    init(_ root: ReleaseNode, _ files: ReleaseFiles) {
        self.root = root
        self.files = files
        draft = ReleaseDraft(root: root, files: files)
    }

    mutating func run() {
        checkNames()
        checkPlans()
        checkParameters(root["parameters"], "parameters")
        checkParameters(root["binding"]?["parameters"], "binding.parameters")
        checkQuestion("health")
        checkQuestion("readiness")
        checkBinding()
        checkImage()
        checkFiles()
        checkVerbs()
        checkTemplates()
    }

    mutating func add(_ node: ReleaseNode?, _ message: String) {
        mistakes.append(ReleaseMistake(ReleaseSyntax.file, line: node?.line ?? root.line, message))
    }

    mutating func add(_ file: String, line: Int? = nil, _ message: String) {
        mistakes.append(ReleaseMistake(file, line: line, message))
    }

    // MARK: release.yml

    /// Parameters, constants and binding parameters are names of one language; secrets have a word before theirs.
    private mutating func checkNames() {
        var seen: [String: String] = [:]
        let places = [
            ("parameters", root["parameters"]), ("values", root["values"]),
            ("binding.parameters", root["binding"]?["parameters"]),
        ]
        for (place, node) in places {
            for entry in node?.entries ?? [] { take(entry.key, place, entry.node, &seen) }
        }
        for secret in root["secrets"]?.items ?? [] {
            if let name = secret.text { take(name, "secrets", secret, &seen) }
        }
    }

    private mutating func take(_ name: String, _ place: String, _ node: ReleaseNode, _ seen: inout [String: String]) {
        if ServiceNames.isTaken(name) { add(node, "\(place): '\(name)' is a name of the platform; choose another") }
        if let other = seen[name] {
            add(node, other == place ? "\(place): '\(name)' is there twice" : "\(place): '\(name)' is in \(other), too")
        }
        seen[name] = place
    }

    private mutating func checkPlans() {
        let data = root["data"]
        let kinds = draft.kinds
        for entry in root["plans"]?.entries ?? [] {
            let (plan, path) = (entry.node, "plans.\(entry.key)")
            if data != nil, plan["disk"] == nil {
                add(plan, "\(path).disk is missing: `data` says that there is a disk")
            }
            if data == nil, let disk = plan["disk"] {
                add(disk, "\(path).disk needs `data`, which says where it is mounted")
            }
            if let members = plan["members"], (members.integer ?? 1) > 1, root["cluster"] == nil {
                add(members, "\(path).members: more than one needs `cluster`")
            }
            checkPolicy(plan["policy"], path)
            for value in plan["parameters"]?.entries ?? [] {
                check(value.node, as: kinds[value.key], "\(path).parameters.\(value.key)", among: kinds)
            }
        }
    }

    private mutating func checkPolicy(_ node: ReleaseNode?, _ path: String) {
        guard let node else { return }
        let policy = ReleaseDraft.policy(node)
        let request = PolicyRequest(
            restartPolicy: policy.restartPolicy, fence: policy.fence, whenLost: policy.whenLost)
        do throws(FoundryError) {
            _ = try PolicyRule.recovery(request, try PolicyRule.restartPolicy(request))
        } catch {
            add(node["when-lost"] ?? node, "\(path).policy: \(error.message)")
        }
    }

    private mutating func check(
        _ node: ReleaseNode, as kind: ParameterKind?, _ path: String, among kinds: [String: ParameterKind]
    ) {
        guard let kind else {
            // A parameter whose kind cannot be read is told where it stands.
            let name = String(path.split(separator: ".").last ?? "")
            guard root["parameters"]?[name] == nil else { return }
            let nearest = NearestName.find(name, among: kinds.keys.sorted()).map { "; did you mean \($0)?" } ?? ""
            return add(node, "\(path): the release has no such parameter\(nearest)")
        }
        guard let value = node.scalar else { return }
        if let problem = ParameterRule.problem(ReleaseDraft.fitting(value, kind), kind) {
            add(node, "\(path) \(problem)")
        }
    }

    private mutating func checkParameters(_ node: ReleaseNode?, _ place: String) {
        let fields = [
            "minimum": "integer", "maximum": "integer", "max_length": "text", "choices": "choice",
        ]
        for entry in node?.entries ?? [] {
            let (parameter, path) = (entry.node, "\(place).\(entry.key)")
            guard let type = parameter["type"]?.text, let kind = ReleaseDraft.kind(parameter) else { continue }
            for field in parameter.entries {
                if let owner = fields[field.key], owner != type {
                    add(field.node, "\(path).\(field.key) is of the type \(owner); this is \(type)")
                }
            }
            if case .integer(let minimum, let maximum) = kind, minimum > maximum {
                add(parameter["minimum"] ?? parameter, "\(path): its minimum is above its maximum")
            }
            if case .choice(let choices) = kind { checkChoices(choices, parameter, path) }
            if let value = parameter["default"] { check(value, as: kind, "\(path).default", among: [:]) }
        }
    }

    private mutating func checkChoices(_ choices: [String], _ parameter: ReleaseNode, _ path: String) {
        if choices.isEmpty { return add(parameter, "\(path).choices is missing: a choice has some") }
        if Set(choices).count != choices.count { add(parameter["choices"], "\(path).choices has one of them twice") }
        for choice in choices {
            if let problem = ParameterRule.problem(.text(choice), .text(longest: 100)) {
                add(parameter["choices"], "\(path).choices: '\(choice.prefix(40))' \(problem)")
            }
        }
    }

    private mutating func checkQuestion(_ name: String) {
        guard let node = root[name] else { return }
        for field in ["port", "process"] {
            if let flag = node[field], flag.flag == false { add(flag, "\(name).\(field) is true, or left out") }
        }
        if let verb = node["verb"], let word = verb.text, !draft.verbs.contains(word) {
            let nearest = NearestName.find(word, among: draft.verbs).map { "; did you mean \($0)?" } ?? ""
            add(verb, "\(name).verb: there is no verbs/\(word)\(nearest)")
        }
    }

    private mutating func checkBinding() {
        guard let binding = root["binding"] else { return }
        let verbs = draft.verbs
        for verb in ["bind", "unbind"] where draft.hasUsers && !verbs.contains(verb) {
            add(binding["users"] ?? binding, "binding.users: there is no verbs/\(verb)")
        }
        if !draft.hasUsers, let parameters = binding["parameters"], !parameters.entries.isEmpty, !verbs.contains("bind")
        {
            add(parameters, "binding.parameters need verbs/bind, which gets them")
        }
        var variables: [String: String] = [:]
        for entry in binding["credentials"]?.entries ?? [] {
            let variable = entry.key.uppercased()
            if let other = variables[variable] {
                add(entry.node, "binding.credentials: \(entry.key) and \(other) are one variable, \(variable)")
            }
            variables[variable] = entry.key
        }
    }

    private mutating func checkImage() {
        if let directory = root["image"]?["packages"], let name = directory.text {
            for file in ["packages.txt", "image.json"] where files.files["\(name)/\(file)"] == nil {
                add(directory, "image.packages: \(name)/\(file) is missing")
            }
        }
        if let archive = root["image"]?["archive"], let name = archive.text {
            if files.files[name] == nil { add(archive, "image.archive: there is no \(name)") }
            if !ReleaseLimits.isArchive(name) { add(archive, "image.archive: '\(name)' does not end in .tar") }
        }
    }
}

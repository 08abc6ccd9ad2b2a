import FoundryModel
import FoundryRules

extension ReleaseChecks {
    private static let known = ["release.yml", "README.md", "LICENSE"]
    private static let directories = ["verbs", "templates", "drill"]

    mutating func checkFiles() {
        if files.files.count > ReleaseLimits.mostFiles {
            add(".", "there are \(files.files.count) files; at most \(ReleaseLimits.mostFiles) are taken")
        }
        let parts = files.below("verbs").count + files.below("templates").count
        if parts > ReleaseLimits.mostParts {
            add(".", "verbs/ and templates/ have \(parts) files; at most \(ReleaseLimits.mostParts) are taken")
        }
        let image = [root["image"]?["packages"]?.text, root["image"]?["archive"]?.text].compactMap(\.self)
        for path in files.paths {
            let first = String(path.prefix { $0 != "/" })
            let isKnown = path.contains("/") ? Self.directories.contains(first) : Self.known.contains(path)
            guard !isKnown, !image.contains(first) else { continue }
            let all = Self.known + Self.directories.map { $0 + "/" } + image
            let nearest = NearestName.find(first, among: Self.known + Self.directories).map { "; did you mean \($0)?" }
            add(path, "is no part of a release\(nearest ?? "; known: \(all.joined(separator: ", "))")")
        }
    }

    mutating func checkVerbs() {
        for (name, file) in files.below("verbs").sorted(by: { $0.key < $1.key }) {
            if !ReleaseFiles.isVerb(name) {
                add("verbs/\(name)", "is not a verb's name: a-z, 0-9 and hyphens, beginning with a letter")
            }
            checkProgram("verbs/\(name)", file)
        }
        checkDrill()
        if files.files["verbs/init"] != nil, root["data"] == nil {
            add("verbs/init", "needs `data`: it prepares a new disk")
        }
    }

    /// Beside `write` and `read` there may be what both of them use.
    private mutating func checkDrill() {
        let drill = files.below("drill")
        guard !drill.isEmpty else { return }
        for name in ["read", "write"] {
            if let file = drill[name] {
                checkProgram("drill/\(name)", file)
            } else {
                add("drill/\(name)", "is missing")
            }
        }
    }

    private mutating func checkProgram(_ path: String, _ file: ReleaseFiles.File) {
        if !file.isExecutable { add(path, "is not executable; chmod +x \(path)") }
        let bytes = file.bytes ?? []
        if bytes.starts(with: "#!".utf8) {
            let line = bytes.prefix { $0 != 0x0a }
            if line.last == 0x0d { add(path, line: 1, "has line ends of Windows; its interpreter is not found") }
        } else if !bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
            add(path, line: 1, "begins neither with #! nor as a program of Linux")
        }
    }

    // MARK: Templates

    mutating func checkTemplates() {
        let names = ownNames.union(ServiceNames.everywhere)
        for (path, file) in files.below("templates").sorted(by: { $0.key < $1.key }) {
            guard let text = String(validating: file.bytes ?? [], as: UTF8.self) else {
                add("templates/\(path)", "is not UTF-8")
                continue
            }
            check(text, name: "templates/\(path)", knows: names.union(ServiceNames.ofMember), at: nil)
        }
        var inBinding = names.union(ServiceNames.ofBinding)
        if draft.hasUsers { inBinding.formUnion(ServiceNames.ofUser) }
        for entry in root["binding"]?["parameters"]?.entries ?? [] { inBinding.insert(entry.key) }
        for entry in root["binding"]?["credentials"]?.entries ?? [] {
            guard let text = entry.node.text else { continue }
            check(text, name: "binding.credentials.\(entry.key)", knows: inBinding, at: entry.node.line)
        }
    }

    /// What the release itself says: parameters, constants, secrets; also those that are wrong, which is told elsewhere.
    private var ownNames: Set<String> {
        let entries = (root["parameters"]?.entries ?? []) + (root["values"]?.entries ?? [])
        return Set(entries.map(\.key) + (root["secrets"]?.items ?? []).compactMap(\.text).map { "secrets.\($0)" })
    }

    /// - Parameter line: of a text in release.yml; nil: a file of its own.
    private mutating func check(_ text: String, name: String, knows names: Set<String>, at line: Int?) {
        let template: Template
        do throws(FoundryError) { template = try Template(text, name: name) } catch {
            return told(error, name, at: line)
        }
        for use in template.uses {
            let message = problem(of: use, names)
            guard let message else { continue }
            if let line {
                add(ReleaseSyntax.file, line: line, "\(name): \(message)")
            } else {
                add(name, line: use.line, message)
            }
        }
    }

    private func problem(of use: Template.Use, _ names: Set<String>) -> String? {
        if use.name == "." { return use.sections.isEmpty ? "{{.}} stands in no section" : nil }
        let inList = use.sections.contains { ServiceNames.lists.contains($0) }
        let known = inList ? names.union(ServiceNames.ofPeer) : names
        guard known.contains(use.name) else {
            let nearest = NearestName.find(use.name, among: known.sorted()).map { "; did you mean {{\($0)}}?" }
            return "there is no {{\(use.name)}} here\(nearest ?? "")"
        }
        guard use.isSection || !ServiceNames.lists.contains(use.name) else {
            return "{{\(use.name)}} is a list; write {{#\(use.name)}}...{{/\(use.name)}}"
        }
        return nil
    }

    /// `templates/redis.conf:3: ...` has its file and line already.
    private mutating func told(_ error: FoundryError, _ name: String, at line: Int?) {
        let rest = error.message.dropFirst(name.count)
        let digits = rest.dropFirst().prefix { $0.isNumber }
        let words = String(digits.isEmpty ? rest.dropFirst(2) : rest.dropFirst(digits.count + 3))
        let sentence = words.hasSuffix(".") ? String(words.dropLast()) : words
        if let line {
            add(ReleaseSyntax.file, line: line, "\(name): \(sentence)")
        } else {
            add(name, line: Int(digits), sentence)
        }
    }
}

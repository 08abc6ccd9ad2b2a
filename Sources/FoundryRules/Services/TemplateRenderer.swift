import FoundryModel

/// Puts values in their places, and stops at the limits.
struct TemplateRenderer {
    let name: String
    private(set) var output = ""
    private var bytes = 0
    private var steps = 0

    init(name: String) { self.name = name }

    /// - Parameter scopes: innermost last.
    mutating func render(_ parts: [TemplatePart], in scopes: [TemplateValues]) throws(FoundryError) {
        for part in parts {
            try step()
            switch part {
            case .text(let text): try append(text)
            case .place(let place, let line): try append(try text(place, line: line, in: scopes))
            case .section(let section, let line, let isInverted, let inside):
                let items = try items(section, line: line, in: scopes)
                if isInverted {
                    if items.isEmpty { try render(inside, in: scopes) }
                } else {
                    for item in items {
                        try step()
                        try render(inside, in: scopes + [item])
                    }
                }
            }
        }
    }

    /// One scope for each time that a section shows.
    private func items(
        _ name: String, line: Int, in scopes: [TemplateValues]
    ) throws(FoundryError)
        -> [TemplateValues]
    {
        switch try value(name, line: line, in: scopes) {
        case .list(let list): list
        case .flag(let isTrue): isTrue ? [TemplateValues()] : []
        case .text(let text): text.isEmpty ? [] : [TemplateValues(texts: [".": text])]
        }
    }

    private func text(_ name: String, line: Int, in scopes: [TemplateValues]) throws(FoundryError) -> String {
        switch try value(name, line: line, in: scopes) {
        case .text(let text): text
        case .flag(let isTrue): isTrue ? "true" : "false"
        case .list: throw error("{{\(name)}} is a list; write {{#\(name)}}...{{/\(name)}}", line: line)
        }
    }

    private func value(
        _ name: String, line: Int, in scopes: [TemplateValues]
    ) throws(FoundryError)
        -> TemplateValues.Value
    {
        for scope in scopes.reversed() {
            if let value = scope.value(name) { return value }
        }
        throw error("there is no {{\(name)}} here", line: line)
    }

    private mutating func step() throws(FoundryError) {
        steps += 1
        guard steps <= Template.mostSteps else {
            throw FoundryError(.releaseInvalid, "\(name): its lists repeat more than \(Template.mostSteps) times.")
        }
    }

    private mutating func append(_ text: String) throws(FoundryError) {
        bytes += text.utf8.count
        guard bytes <= Template.mostRenderedBytes else {
            throw FoundryError(
                .releaseInvalid, "\(name): more than \(Template.mostRenderedBytes) bytes come out of it.")
        }
        output += text
    }

    private func error(_ message: String, line: Int) -> FoundryError {
        FoundryError(.releaseInvalid, "\(name):\(line): \(message).")
    }
}

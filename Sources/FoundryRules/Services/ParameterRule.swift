import FoundryModel

/// Checks what users give for a release's parameters.
public enum ParameterRule {
    /// What a text may hold beside letters and digits.
    public static let textMarks = " _.,:;/@+=%-"

    /// - Parameter given: by the user, over what the plan says, over the release's own defaults.
    /// - Returns: one for each parameter.
    /// - Throws: `parameter_invalid`.
    public static func values(
        _ parameters: [ReleaseParameter], given: [String: ParameterValue], plan: [String: ParameterValue] = [:]
    ) throws(FoundryError) -> [String: ParameterValue] {
        try check(parameters, given)
        let values = standing(parameters, given: given, plan: plan)
        if let missing = parameters.first(where: { values[$0.name] == nil }) {
            throw FoundryError(
                .parameterInvalid, "The parameter '\(missing.name)' has to be given.",
                hint: "-c '{\"\(missing.name)\": ...}'")
        }
        return values
    }

    /// Those of a release for what was accepted once, maybe by an older version of it: what this one does not know is left out.
    public static func standing(
        _ parameters: [ReleaseParameter], given: [String: ParameterValue], plan: [String: ParameterValue] = [:]
    ) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        for parameter in parameters {
            values[parameter.name] = given[parameter.name] ?? plan[parameter.name] ?? parameter.defaultValue
        }
        return values
    }

    /// - Throws: `parameter_invalid` for the first that is not known, or outside of its bounds.
    public static func check(
        _ parameters: [ReleaseParameter], _ given: [String: ParameterValue]
    ) throws(FoundryError) {
        for name in given.keys.sorted() {
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                let known = parameters.map(\.name)
                let nearest = NearestName.find(name, among: known).map { "did you mean \($0)?" }
                throw FoundryError(
                    .parameterInvalid, "No parameter is called '\(name.prefix(80))'.",
                    hint: nearest ?? (known.isEmpty ? "it takes none" : "one of \(known.joined(separator: ", "))"))
            }
            if let value = given[name], let problem = problem(value, parameter.kind) {
                throw FoundryError(
                    .parameterInvalid, "The parameter '\(name)' \(problem).", hint: words(parameter.kind))
            }
        }
    }

    /// - Returns: why not, as the end of a sentence: `is 5; it has to be 10 to 5000`; nil: it may.
    public static func problem(_ value: ParameterValue, _ kind: ParameterKind) -> String? {
        switch (kind, value) {
        case (.integer(let minimum, let maximum), .integer(let number)):
            number < minimum || number > maximum ? "is \(number); it has to be \(minimum) to \(maximum)" : nil
        case (.integer, _): "is not a whole number"
        case (.boolean, .boolean): nil
        case (.boolean, _): "is not true or false"
        case (.text(let longest), .text(let text)): problem(text, longest: longest)
        case (.text, _): "is not a text"
        case (.choice(let choices), .text(let text)):
            choices.contains(text)
                ? nil : "is '\(text.prefix(40))'; it has to be one of \(choices.joined(separator: ", "))"
        case (.choice(let choices), _): "has to be one of \(choices.joined(separator: ", "))"
        }
    }

    /// What is allowed: `10 to 5000`.
    public static func words(_ kind: ParameterKind) -> String {
        switch kind {
        case .integer(let minimum, let maximum): "a whole number, \(minimum) to \(maximum)"
        case .boolean: "true or false"
        case .text(let longest): "a text of at most \(longest) letters, digits, spaces and \(textMarks.dropFirst())"
        case .choice(let choices): "one of \(choices.joined(separator: ", "))"
        }
    }

    private static func problem(_ text: String, longest: Int) -> String? {
        guard text.utf8.count <= longest else {
            return "has \(text.utf8.count) characters; at most \(longest) are taken"
        }
        guard text.utf8.allSatisfy(isPlain) else {
            return "has characters other than letters, digits, spaces and \(textMarks.dropFirst())"
        }
        return nil
    }

    /// Whatever a template makes of it stays one word, or words, of text.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
            || textMarks.utf8.contains(byte)
    }
}

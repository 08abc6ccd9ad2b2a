/// The arguments of one subcommand: `--name value`, and `--name` alone for switches.
struct Arguments {
    struct Failure: Error {
        var message: String
    }

    private var values: [String: String] = [:]
    private var switches: Set<String> = []

    init(_ words: [String], options: Set<String>, switches known: Set<String> = []) throws(Failure) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else { throw Failure(message: "`\(word)` is not expected here") }
            let name = String(word.dropFirst(2))
            if known.contains(name) {
                switches.insert(name)
            } else if options.contains(name) {
                guard let value = rest.popFirst() else { throw Failure(message: "--\(name) needs a value") }
                values[name] = value
            } else {
                throw Failure(message: "there is no --\(name) here")
            }
        }
    }

    func has(_ name: String) -> Bool { switches.contains(name) }

    func text(_ name: String) -> String? { values[name] }

    func number<Number: FixedWidthInteger>(_ name: String, _ standard: Number) throws(Failure) -> Number {
        guard let text = values[name] else { return standard }
        guard let number = Number(text) else { throw Failure(message: "--\(name) must be a number; it is `\(text)`") }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ standard: Choice) throws(Failure) -> Choice
    where Choice.RawValue == String {
        guard let text = values[name] else { return standard }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(message: "--\(name) `\(text)` is none of: \(all)")
        }
        return choice
    }
}

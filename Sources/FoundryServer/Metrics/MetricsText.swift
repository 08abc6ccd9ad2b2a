/// Writes Prometheus' text format.
///
/// - Source: Prometheus documentation, "Text-based format", version 0.0.4: each family once, its help and type first, `\`, `"` and line feeds escaped.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var text = ""

    /// One family. Nothing is written of one without samples.
    ///
    /// - Parameter name: with its unit; a counter's ends with `_total`.
    mutating func family(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            let braced = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            text += "\(name)\(sample.suffix)\(braced) \(sample.value)\n"
        }
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\"" where quotes: result.append(contentsOf: "\\\"".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}

/// One line of a family.
struct MetricSample {
    typealias Labels = [(name: String, value: String)]

    /// Of a histogram's parts: `_bucket`.
    var suffix = ""
    var labels: Labels
    var value: String

    init(_ value: Int64, _ labels: Labels = [], suffix: String = "") {
        self.init(value.description, labels, suffix: suffix)
    }

    /// - Parameter value: a number that is finite.
    init(decimal value: Double, _ labels: Labels = [], suffix: String = "") {
        self.init(value.description, labels, suffix: suffix)
    }

    private init(_ value: String, _ labels: Labels, suffix: String) {
        self.suffix = suffix
        self.labels = labels
        self.value = value
    }
}

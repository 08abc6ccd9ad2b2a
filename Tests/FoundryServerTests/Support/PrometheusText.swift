import Foundation

/// Prometheus' text format, read as strictly as its documentation reads.
///
/// - Source: Prometheus documentation, "Text-based format" and "Metric and label naming".
struct PrometheusText {
    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Family {
        var name: String
        var kind: String
        var help: String
        var samples: [Sample] = []
    }

    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var families: [String: Family] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Wrong(description: "the last line has no end") }
        var current: Family?
        var series: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("# HELP ") {
                try finish(current)
                let words = line.dropFirst(7).split(separator: " ", maxSplits: 1).map(String.init)
                guard words.count == 2, families[words[0]] == nil else { throw Wrong(description: "twice: \(line)") }
                current = Family(name: words[0], kind: "", help: words[1])
            } else if line.hasPrefix("# TYPE ") {
                let words = line.dropFirst(7).split(separator: " ").map(String.init)
                guard words.count == 2, words[0] == current?.name, current?.kind == "",
                    ["counter", "gauge", "histogram"].contains(words[1])
                else { throw Wrong(description: line) }
                current?.kind = words[1]
            } else {
                let sample = try Self.sample(line)
                guard let family = current, Self.belongs(sample.name, to: family) else {
                    throw Wrong(description: "out of its family: \(line)")
                }
                let key = sample.name + sample.labels.sorted { $0.key < $1.key }.description
                guard series.insert(key).inserted else { throw Wrong(description: "twice: \(line)") }
                current?.samples.append(sample)
            }
        }
        try finish(current)
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families[name]?.samples.first { sample in labels.allSatisfy { sample.labels[$0.key] == $0.value } }?.value
    }

    private mutating func finish(_ family: Family?) throws {
        guard let family else { return }
        guard family.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, !family.samples.isEmpty, !family.kind.isEmpty,
            family.help.hasSuffix(".")
        else { throw Wrong(description: "family \(family.name)") }
        guard (family.kind == "counter") == family.name.hasSuffix("_total") else {
            throw Wrong(description: "a counter, and nothing else, is called a total: \(family.name)")
        }
        for unit in ["_milliseconds", "_ms", "_kb", "_mb", "_kilobytes", "_megabytes", "_percent"]
        where family.name.contains(unit) {
            throw Wrong(description: "not a base unit: \(family.name)")
        }
        guard family.kind == "gauge" || family.samples.allSatisfy({ $0.value >= 0 }) else {
            throw Wrong(description: "a count below nothing: \(family.name)")
        }
        if family.kind == "histogram" { try Self.check(histogram: family) }
        families[family.name] = family
    }

    private static func check(histogram family: Family) throws {
        let groups = Dictionary(grouping: family.samples) { sample in
            sample.labels.filter { $0.key != "le" }.sorted { $0.key < $1.key }.description
        }
        for (labels, samples) in groups {
            let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
            let bounds = buckets.map {
                $0.labels["le"] == "+Inf" ? Double.infinity : Double($0.labels["le"] ?? "") ?? -1
            }
            let count = samples.first { $0.name.hasSuffix("_count") }?.value
            guard bounds == bounds.sorted(), bounds.last == .infinity,
                buckets.map(\.value) == buckets.map(\.value).sorted(),
                buckets.last?.value == count, samples.contains(where: { $0.name.hasSuffix("_sum") })
            else { throw Wrong(description: "histogram \(family.name) \(labels)") }
        }
    }

    private static func belongs(_ name: String, to family: Family) -> Bool {
        guard family.kind == "histogram" else { return name == family.name }
        return ["_bucket", "_sum", "_count"].contains { name == family.name + $0 }
    }

    private static func sample(_ line: String) throws -> Sample {
        guard let match = line.wholeMatch(of: /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([^ ]+)/),
            let value = Double(match.output.3), value.isFinite
        else { throw Wrong(description: "no sample: \(line)") }
        return Sample(
            name: String(match.output.1), labels: try match.output.2.map { try labels(String($0)) } ?? [:], value: value
        )
    }

    private static func labels(_ text: String) throws -> [String: String] {
        var labels: [String: String] = [:]
        var rest = text[...]
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\\\|\\"|\\n)*)"(,|$)/) else {
                throw Wrong(description: "labels: \(text)")
            }
            let value = unescaped(match.output.2)
            guard labels.updateValue(value, forKey: String(match.output.1)) == nil else {
                throw Wrong(description: "a label twice: \(text)")
            }
            rest = rest[match.range.upperBound...]
        }
        return labels
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}

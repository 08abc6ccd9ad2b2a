/// One thing's fields, a line each: `state    healthy since 3m`.
public struct FieldList: Sendable {
    private var fields: [(label: String, value: Table.Cell)] = []

    public init() {}

    public mutating func add(_ label: String, _ value: Table.Cell) { fields.append((label, value)) }

    /// Adds the field only when there is a value.
    public mutating func add(_ label: String, ifAny value: String?) {
        if let value, !value.isEmpty { add(label, Table.Cell(value)) }
    }

    public func lines(on terminal: Terminal) -> [String] {
        let width = fields.reduce(0) { max($0, DisplayText.width($1.label)) }
        return fields.map { label, value in
            let label = DisplayText.padded(label, to: width + 2)
            return TextStyle.faint.applied(to: label, on: terminal) + value.style.applied(to: value.text, on: terminal)
        }
    }
}

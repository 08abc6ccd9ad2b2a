import FoundryModel

/// What an operator's verb would do: one store transaction.
public struct OperatorPlan: Hashable, Sendable {
    /// Of the transaction: `cell.drain`, `fence.confirm`, ...
    public var name: String
    /// It is already as it was asked for.
    public var isUnchanged: Bool
    public var writes: [RecordWrite]
    /// For the operator: what happens now.
    public var message: String

    public init(name: String, isUnchanged: Bool = false, writes: [RecordWrite], message: String) {
        self.name = name
        self.isUnchanged = isUnchanged
        self.writes = writes
        self.message = message
    }

    static func unchanged(_ name: String, _ message: String) -> Self {
        Self(name: name, isUnchanged: true, writes: [], message: message)
    }
}

/// The verbs of operators. Each is planned on what is known, and its transaction compares that: at the wrong time it is refused with a hint, or does nothing.
public enum OperatorVerbs {
    static func cell(_ id: CellID, _ view: PlatformView) throws(FoundryError) -> Revised<CellRecord> {
        if let cell = view.cells[id] { return cell }
        let known = view.cells.keys.sorted().map(\.description)
        let nearest = NearestName.find(id.description, among: known).map { "did you mean \($0)?" }
        throw FoundryError(.notFound, "No cell is called '\(id)'.", hint: nearest ?? "foundry cells")
    }

    static func event(
        _ kind: EventName, app: AppID? = nil, _ subject: String, _ message: String, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) -> RecordWrite {
        .put(
            .event(
                EventRecord(
                    id: .random(using: &generator), time: now, kind: kind, app: app, subject: subject, message: message,
                    actor: "operator")), expects: .absent)
    }
}

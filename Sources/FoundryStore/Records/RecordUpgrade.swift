/// One step from a version of a record's shape to the next.
///
/// A step is never changed once released: files in the field were written by what it reads.
public struct RecordUpgrade: Sendable {
    public typealias Object = [String: RecordJSON]

    /// The version it reads; it makes `from + 1`.
    public let from: Int
    public let apply: @Sendable (Object) throws -> Object

    public init(from: Int, _ apply: @escaping @Sendable (Object) throws -> Object) {
        self.from = from
        self.apply = apply
    }
}

/// The numbers that were written, and what is known of them.
struct DrillRecords: Sendable {
    private(set) var next = 1
    /// The server said that it has them.
    private(set) var acknowledged: Set<Int> = []
    /// They were sent, acknowledged or not.
    private(set) var sent: Set<Int> = []

    /// Numbers that nobody sent yet.
    mutating func take(_ count: Int) -> [Int] {
        let numbers = Array(next..<(next + count))
        next += count
        sent.formUnion(numbers)
        return numbers
    }

    /// - Throws: a sentence when it is something that was never sent.
    mutating func acknowledge(_ numbers: [Int]) throws(DrillFailure) {
        if let strange = numbers.first(where: { !sent.contains($0) }) {
            throw DrillFailure("drill/write said that record \(strange) is written, which it was not given")
        }
        acknowledged.formUnion(numbers)
    }

    /// - Throws: a sentence when an acknowledged one is missing, or one is there that was never sent.
    func check(_ read: Set<Int>) throws(DrillFailure) {
        let lost = acknowledged.subtracting(read).sorted()
        guard lost.isEmpty else {
            throw DrillFailure(
                "\(lost.count) of \(acknowledged.count) acknowledged records are lost: "
                    + lost.prefix(5).map(String.init).joined(separator: ", "))
        }
        if let strange = read.subtracting(sent).min() {
            throw DrillFailure("record \(strange) is there, which nobody wrote")
        }
    }

    /// They were in memory alone, which ended: any of them may be gone.
    mutating func end() { acknowledged = [] }

    /// As the data is after a rewind to that moment.
    mutating func rewind(to earlier: DrillRecords) {
        acknowledged = earlier.acknowledged
        sent = earlier.sent
    }
}

/// A step of a drill that did not come out as it must.
struct DrillFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

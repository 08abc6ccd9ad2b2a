/// What a small file of a simulated disk is for.
enum DiskFileKind: UInt8, Sendable, CaseIterable {
    /// A volume's label, beside its image file.
    case outerLabel
    /// A volume's label, inside its file system.
    case innerLabel
    /// What the cell promised never to start again.
    case promise
    /// Who the cell is: machine, incarnation.
    case identity
    case history
    case journal
    /// What the cell writes and syncs to see whether its pool still takes writes.
    case probe
    case other
    /// Who may log in to the engine of a volume: a part of its data.
    case users
}

/// A small file, by its kind and the number of the volume, member or line that it belongs to.
struct DiskFile: Hashable, Comparable, Sendable, CustomStringConvertible {
    var kind: DiskFileKind
    var number: Int32

    init(_ kind: DiskFileKind, _ number: Int = 0) {
        self.kind = kind
        self.number = Int32(number)
    }

    static func < (left: Self, right: Self) -> Bool {
        left.kind != right.kind ? left.kind.rawValue < right.kind.rawValue : left.number < right.number
    }

    var description: String { "\(kind)/\(number)" }
}

/// What reading a file finds.
enum DiskContent<Value> {
    case absent
    case value(Value)
    /// Half written when power was lost: there, and unreadable.
    case torn

    var value: Value? {
        if case .value(let value) = self { return value }
        return nil
    }

    var isAbsent: Bool {
        if case .absent = self { return true }
        return false
    }
}

extension DiskContent: Equatable where Value: Equatable {}
extension DiskContent: Sendable where Value: Sendable {}

/// One small file: what readers see, what is on the disk, and what lies between.
struct DiskFileState<Value> {
    struct Dirty {
        var content: DiskContent<Value>
        var sequence: UInt64
        /// Written in place: power loss can leave half of it.
        var isTearable: Bool
    }

    var file: DiskFile
    var cached: DiskContent<Value> = .absent
    var durable: DiskContent<Value> = .absent
    /// Written and not synced, oldest first.
    var dirty: [Dirty] = []
}

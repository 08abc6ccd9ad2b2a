import FoundryModel

/// A loss that could not be absorbed, and what would be missing.
public struct HeadroomGap: Hashable, Sendable {
    public enum Lost: Hashable, Sendable {
        case cell(CellID)
        case zone(String)
    }

    public enum Resource: String, Hashable, Sendable {
        case memory
        case disk
    }

    public var lost: Lost
    public var resource: Resource
    /// Counted in pieces of this size: what is smaller is of no use to what is held.
    public var piece: ByteCount
    /// What would have to go elsewhere, rounded up.
    public var held: ByteCount
    /// What would be free elsewhere.
    public var left: ByteCount

    /// One for each size in which something is missing.
    static func all(_ resource: Resource, _ lost: Lost, held: SIMD16<Int64>, left: SIMD16<Int64>) -> [Self] {
        (0...PieceTally.largest).filter { held[$0] > left[$0] }.map { index in
            let shift = PieceTally.smallest + Int64(index)
            return Self(
                lost: lost, resource: resource, piece: ByteCount(bytes: 1 << shift),
                held: ByteCount(bytes: held[index] << shift), left: ByteCount(bytes: left[index] << shift))
        }
    }

    /// By what is missing; then the smaller piece, memory before the disk, and the name decide.
    func isWorse(than other: Self) -> Bool {
        let (mine, others) = (held - left, other.held - other.left)
        if mine != others { return mine > others }
        if piece != other.piece { return piece < other.piece }
        if resource != other.resource { return resource == .memory }
        return lost.name < other.lost.name
    }
}

extension HeadroomGap.Lost {
    /// Without "cell" or "zone" before it.
    var name: String {
        switch self {
        case .cell(let id): id.description
        case .zone(let name): name
        }
    }
}

/// When what a program writes is on the disk (`--disk-sync`); design 4.
public enum DiskSync: Hashable, Sendable, CustomStringConvertible {
    /// Every write call is on the disk when it returns.
    case immediate
    /// What the program syncs is on the disk.
    case normal
    /// Acknowledged writes of the last milliseconds may be lost when the machine dies.
    case deferred(milliseconds: Int64)

    public static let defaultMilliseconds: Int64 = 200
    /// Of `defer:MS`.
    public static let millisecondsAllowed: ClosedRange<Int64> = 10...60_000

    /// `immediate`, `normal`, `defer`, `defer:MS`.
    ///
    /// - Returns: nil for anything else, and for milliseconds outside `millisecondsAllowed`.
    public init?(parsing text: String) {
        switch text {
        case "immediate": self = .immediate
        case "normal": self = .normal
        case "defer": self = .deferred(milliseconds: Self.defaultMilliseconds)
        default:
            let figure = text.dropFirst("defer:".count)
            guard text.hasPrefix("defer:"), figure.allSatisfy({ ("0"..."9").contains($0) }),
                let milliseconds = Int64(figure), Self.millisecondsAllowed.contains(milliseconds)
            else { return nil }
            self = .deferred(milliseconds: milliseconds)
        }
    }

    public var description: String {
        switch self {
        case .immediate: "immediate"
        case .normal: "normal"
        case .deferred(let milliseconds): "defer:\(milliseconds)"
        }
    }
}

extension DiskSync: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let sync = Self(parsing: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no way to sync")
        }
        self = sync
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// How fast a volume may be read and written (`--io-performance`): ceilings of its block device.
public enum IOClass: String, Hashable, Sendable, Codable, CaseIterable {
    case low
    case medium
    case high
    /// None: as fast as the machine is.
    case max

    /// Of reads and of writes, each; nil: none.
    public var ceiling: IOCeiling? {
        switch self {
        case .low: IOCeiling(bytesPerSecond: .megabytes(10), operationsPerSecond: 300)
        case .medium: IOCeiling(bytesPerSecond: .megabytes(50), operationsPerSecond: 1_500)
        case .high: IOCeiling(bytesPerSecond: .megabytes(200), operationsPerSecond: 6_000)
        case .max: nil
        }
    }
}

public struct IOCeiling: Hashable, Sendable {
    public let bytesPerSecond: ByteCount
    public let operationsPerSecond: Int64
}

/// What the data of a program survives beside losing its tail (`--tolerates`).
public enum Tolerance: String, Hashable, Sendable, Codable, CaseIterable {
    /// Later writes may be on the disk while earlier ones are not.
    case reorder
}

/// How a mounted volume treats writes, in force until it is unmounted.
public struct VolumeTuning: Hashable, Sendable {
    /// Its file system syncs every write by itself.
    public var isSynchronous: Bool
    /// nil: limits that are none of ours.
    public var io: IOClass?

    public init(isSynchronous: Bool = false, io: IOClass? = .max) {
        self.isSynchronous = isSynchronous
        self.io = io
    }
}

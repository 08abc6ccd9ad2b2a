import FoundryModel

/// Who defers the syncs of a volume.
public enum Deferral: Hashable, Sendable {
    case none
    /// The engine, by a setting of its own that keeps the order of its writes.
    case engine(milliseconds: Int64)
    /// The platform: the program's syncs return at once, and its cell flushes the volume.
    case platform(milliseconds: Int64)
}

/// An image says by variables of its own what it makes of a volume's policy: one that names `FOUNDRY_DISK_SYNC` reads it and sets its engine by it.
public enum DeferralRule {
    /// `immediate`, `normal` or `defer`; told to every member with a volume.
    public static let syncVariable = "FOUNDRY_DISK_SYNC"
    /// Of a deferral.
    public static let millisecondsVariable = "FOUNDRY_DISK_DEFER_MS"
    /// Milliseconds in an image's own environment: what its engine may lose at the least, whatever it is asked for.
    static let leastVariable = "FOUNDRY_DISK_DEFER_LEAST_MS"
    /// Words of `--tolerates`, with commas, in an image's own environment.
    static let toleranceVariable = "FOUNDRY_TOLERATES"

    public static func deferral(_ disk: DiskSpec, _ image: ResolvedImage) -> Deferral {
        guard case .deferred(let milliseconds) = disk.sync else { return .none }
        guard value(of: syncVariable, in: image) != nil else { return .platform(milliseconds: milliseconds) }
        let least = value(of: leastVariable, in: image).flatMap { Int64($0) } ?? 0
        return .engine(milliseconds: max(milliseconds, least))
    }

    static func isTolerated(_ tolerance: Tolerance, by image: ResolvedImage) -> Bool {
        (value(of: toleranceVariable, in: image) ?? "").split(separator: ",").contains { $0 == tolerance.rawValue }
    }

    /// What a member with this volume finds in its environment.
    public static func variables(of disk: DiskSpec) -> [String: String] {
        switch disk.sync {
        case .immediate: [syncVariable: "immediate"]
        case .normal: [syncVariable: "normal"]
        case .deferred(let milliseconds): [syncVariable: "defer", millisecondsVariable: "\(milliseconds)"]
        }
    }

    static func value(of name: String, in image: ResolvedImage) -> Substring? {
        image.configuration.environment.first { $0.hasPrefix(name + "=") }?.dropFirst(name.count + 1)
    }
}

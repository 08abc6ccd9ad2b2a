/// What a guard does, carried out in the order of the bits. A set, so that a guard that fires allocates nothing.
public struct GuardEffects: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Freezes the control group of the guarded members.
    public static let freeze = Self(rawValue: 1 << 0)
    /// SIGKILL to every task in it.
    public static let kill = Self(rawValue: 1 << 1)
    /// Counts the tasks that could still write: neither gone nor frozen with SIGKILL pending. The answer is `killed`.
    public static let check = Self(rawValue: 1 << 2)
    public static let thaw = Self(rawValue: 1 << 3)
    /// Reboots the machine at once, without syncing.
    public static let reboot = Self(rawValue: 1 << 4)
    public static let feedWatchdog = Self(rawValue: 1 << 5)
    /// Tells the cell, and the second watcher, the state.
    public static let tell = Self(rawValue: 1 << 6)
}

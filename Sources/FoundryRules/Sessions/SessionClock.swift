import FoundryModel

/// On which clock a cell counts how old its session is.
public enum SessionClock {
    /// - Parameter boot: milliseconds since boot, suspended time among them (CLOCK_BOOTTIME).
    /// - Parameter awake: the same without suspended time (CLOCK_MONOTONIC).
    @inline(__always)
    public static func reading(boot: Int64, awake: Int64) -> MonotonicTime {
        MonotonicTime(milliseconds: Planted.has(.suspensionNotCounted) ? awake : boot)
    }
}

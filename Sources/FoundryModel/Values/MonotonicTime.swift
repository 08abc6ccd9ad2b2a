/// A moment of a clock that never goes back and counts suspended time (CLOCK_BOOTTIME), in milliseconds since boot.
///
/// It means something on one machine, during one boot only: it is never stored and never sent.
public struct MonotonicTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public var description: String { "+\(milliseconds)ms" }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
    public static func + (left: Self, milliseconds: Int64) -> Self {
        Self(milliseconds: left.milliseconds + milliseconds)
    }
    /// Milliseconds from `right` to `left`.
    public static func - (left: Self, right: Self) -> Int64 { left.milliseconds - right.milliseconds }
}

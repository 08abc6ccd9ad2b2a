import CFoundryLinux
import FoundryModel

/// The clocks of the machine. Shells read time here and nowhere else; rules get it as an argument.
public enum SystemClock {
    /// The wall clock.
    public static func timestamp() -> Timestamp { Timestamp(millisecondsSince1970: foundry_clock_realtime_ms()) }

    /// CLOCK_BOOTTIME: never goes back, counts suspended time.
    public static func monotonic() -> MonotonicTime { MonotonicTime(milliseconds: foundry_clock_boottime_ms()) }

    /// - Throws: `CancellationError` when the task is cancelled.
    public static func sleep(_ duration: Duration) async throws { try await Task.sleep(for: duration) }
}

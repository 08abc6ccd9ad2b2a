import FoundryModel

/// How long whoever measures usage waits, by what the server said.
public enum UsagePause {
    /// No server can ask for more than that, or silence it for good.
    private static let bounds: ClosedRange<Int64> = 1_000...60_000

    public static func of(_ receipt: UsageReceipt) -> Duration {
        .milliseconds(min(max(receipt.nextMilliseconds, bounds.lowerBound), bounds.upperBound))
    }
}

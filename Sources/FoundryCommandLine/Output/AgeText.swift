import FoundryModel

/// How long something lasted, short enough for a table: `12s`, `5m`, `3h`, `9d`.
public enum AgeText {
    /// - Parameter milliseconds: negative when the clocks of two machines differ; shown as none.
    public static func of(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        return switch seconds {
        case ..<120: "\(seconds)s"
        case ..<7_200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }

    public static func since(_ time: Timestamp, now: Timestamp) -> String { of(milliseconds: now - time) }
}

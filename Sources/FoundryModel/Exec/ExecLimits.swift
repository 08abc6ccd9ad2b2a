/// What running a command in a member may take of the platform.
public enum ExecLimits {
    /// Bytes of one frame.
    public static let largestPayload = 64 << 10
    /// Bytes that may be on their way in one direction: whoever sends waits for the receiver's word beyond that.
    public static let window = 256 << 10
    /// At once, in one app.
    public static let perApp = 8
    /// At once, on the whole platform.
    public static let total = 64
    /// Words of a command, its name among them.
    public static let mostWords = 1_000
    /// For a cell to open its stream.
    public static let attachMilliseconds: Int64 = 10_000
    /// Between two signs of life.
    public static let aliveMilliseconds: Int64 = 5_000
    /// After so much silence the other side counts as gone.
    public static let silenceMilliseconds: Int64 = 15_000
}

import Glibc

/// How much longer tests wait, and let things take, where the whole machine is slow: one that is emulated (script/try-cgroup-v2).
///
/// For limits that say when to give up, not for those that say how fast something is.
public enum Patience {
    /// FOUNDRY_TEST_PATIENCE, 1 if left out.
    public static let factor = getenv("FOUNDRY_TEST_PATIENCE").flatMap { Int64(String(cString: $0)) } ?? 1

    public static func milliseconds(_ count: Int64) -> Int64 { count * factor }
    public static func seconds(_ count: Int64) -> Duration { .seconds(count * factor) }
}

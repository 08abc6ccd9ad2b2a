/// Now, on both clocks: the wall's for what people read, the monotonic one for how long something took.
public struct Moment: Hashable, Sendable {
    public var wall: Timestamp
    public var monotonic: MonotonicTime

    public init(wall: Timestamp, monotonic: MonotonicTime) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

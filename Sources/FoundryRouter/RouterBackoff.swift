/// How long to wait before the next try: twice as long after each failure, up to a limit.
struct RouterBackoff: Sendable {
    let first: Duration
    let longest: Duration
    private var following: Duration

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
        following = first
    }

    mutating func next() -> Duration {
        defer { following = min(following * 2, longest) }
        return following
    }

    mutating func reset() { following = first }
}

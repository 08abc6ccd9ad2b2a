/// Requests that wait for an answer: one table for each node that calls others.
///
/// A request carries its handle, and the answer brings it back. The first of answer and timeout takes the call; whatever comes after it
/// finds nothing, however late.
///
///     let call = calls.begin(.renewal(sequence))
///     let timer = queue.push(.callTimeout(cell, call), at: deadline)
///     calls.keep(timer, for: call)
///     // an answer
///     if let (context, timer) = calls.finish(call) { queue.cancel(timer); ... }
struct PendingCalls<Context, Timer> {
    typealias Handle = Slab<(context: Context, timer: Timer?)>.Handle

    private var calls = Slab<(context: Context, timer: Timer?)>()

    init() {}

    var count: Int { calls.count }

    mutating func begin(_ context: Context) -> Handle { calls.insert((context, nil)) }

    /// Remembers the timer that is to be cancelled when the answer comes.
    mutating func keep(_ timer: Timer, for call: Handle) { calls[call]?.timer = timer }

    /// Takes a call: by its answer, or by its timeout.
    ///
    /// - Returns: nil when it was taken before.
    mutating func finish(_ call: Handle) -> (context: Context, timer: Timer?)? { calls.remove(call) }

    /// The process ended: no answer finds anything any more.
    mutating func removeAll() { calls.removeAll() }
}

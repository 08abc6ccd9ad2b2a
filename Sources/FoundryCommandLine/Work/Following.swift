import FoundryClient
import FoundryEffects
import FoundryModel

/// Follows a stream for as long as somebody looks, and takes it up again where it broke, as when the server is restarted.
struct Following: Sendable {
    private static let pause = Duration.milliseconds(200)

    /// - Parameter open: begins the stream with some of the past; `resuming`: enough of it to find the place again.
    /// - Throws: `not_running` and its like when the server stays away; what `open` and `show` throw.
    func run<Element: Decodable & TimedLine>(
        _ open: (_ resuming: Bool) async throws -> JSONLines<Element>, show: (Element) throws -> Void
    ) async throws {
        var place = FollowingPlace<Element>()
        var heardAt: MonotonicTime?
        while true {
            do {
                let stream = try await open(heardAt != nil)
                heardAt = SystemClock.monotonic()
                place.reopen()
                for try await line in stream {
                    heardAt = SystemClock.monotonic()
                    if place.isNew(line) { try show(line) }
                }
            } catch let error as FoundryError {
                guard error.mayPass, let heardAt, SystemClock.monotonic() - heardAt < JobFollower.longestSilence else {
                    throw error
                }
            }
            try await SystemClock.sleep(Self.pause)
        }
    }
}

/// A line of a stream that is in the order of time.
protocol TimedLine: Hashable, Sendable {
    var time: WireTime { get }
}

extension FoundryClient.LogLine: TimedLine {}
extension EventSummary: TimedLine {}

/// How far a stream was shown, so that nothing is shown twice after it was opened again.
struct FollowingPlace<Line: TimedLine>: Sendable {
    private var time: WireTime?
    /// Those of the latest time that was shown.
    private var shown: Set<Line> = []
    private var isCatchingUp = false

    /// The stream begins again, with some of what was shown.
    mutating func reopen() { isCatchingUp = time != nil }

    /// While the stream catches up, a line that is older than the place, or was shown, is not new. Everything else is.
    mutating func isNew(_ line: Line) -> Bool {
        if isCatchingUp, let time, line.time < time || line.time == time && shown.contains(line) { return false }
        if let time, line.time <= time {
            if line.time == time { shown.insert(line) }
        } else {
            isCatchingUp = false
            time = line.time
            shown = [line]
        }
        return true
    }
}

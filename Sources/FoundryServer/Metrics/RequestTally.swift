import Hummingbird
import Synchronization

/// Counts the API's answers and how long they took to begin, since this server started.
///
/// Bounded: by the endpoints there are, not by what is asked for.
final class RequestTally: Sendable {
    /// What no endpoint fits is counted under one name.
    static let unmatched = "unmatched"
    /// Upper bounds in milliseconds.
    private static let bounds: [Int64] = [1, 5, 25, 100, 500, 2_500, 10_000, 60_000]

    private struct Answer: Hashable {
        var method: String
        var route: String
        var status: Int
    }

    private struct Duration {
        /// Not cumulative; the last is beyond every bound.
        var buckets = [Int64](repeating: 0, count: RequestTally.bounds.count + 1)
        var milliseconds: Int64 = 0
    }

    private struct State {
        var answers: [Answer: Int64] = [:]
        /// By route.
        var durations: [String: Duration] = [:]
    }

    private let state = Mutex(State())

    /// - Parameter route: the pattern of the endpoint, `/v3/apps/:guid`.
    func add(_ method: HTTPRequest.Method, _ route: String, status: Int, milliseconds: Int64) {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        let answer = Answer(method: known.contains(method) ? method.rawValue : "OTHER", route: route, status: status)
        let bucket = Self.bounds.firstIndex { milliseconds <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.answers[answer, default: 0] += 1
            state.durations[route, default: Duration()].buckets[bucket] += 1
            state.durations[route, default: Duration()].milliseconds += milliseconds
        }
    }

    func write(to text: inout MetricsText) {
        let (answers, durations) = state.withLock { ($0.answers, $0.durations) }
        text.family(
            "foundry_api_requests_total", .counter, "Answers of the API since the server started.",
            answers.sorted {
                ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
            }
            .map { answer, count in
                MetricSample(
                    count, [("method", answer.method), ("route", answer.route), ("status", "\(answer.status)")])
            })
        text.family(
            "foundry_api_request_duration_seconds", .histogram,
            "Time until an answer of the API began; of a stream, until its first byte.",
            durations.sorted { $0.key < $1.key }.flatMap(Self.samples))
    }

    private static func samples(_ route: String, _ duration: Duration) -> [MetricSample] {
        var count: Int64 = 0
        var samples: [MetricSample] = []
        for (index, bound) in (bounds.map { "\(Double($0) / 1000)" } + ["+Inf"]).enumerated() {
            count += duration.buckets[index]
            samples.append(MetricSample(count, [("route", route), ("le", bound)], suffix: "_bucket"))
        }
        let seconds = Double(duration.milliseconds) / 1000
        return samples + [
            MetricSample(decimal: seconds, [("route", route)], suffix: "_sum"),
            MetricSample(count, [("route", route)], suffix: "_count"),
        ]
    }
}

import FoundryClient
import FoundryEffects
import FoundryModel
import Hummingbird

/// Figures: for Prometheus, and for people.
struct MetricsEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/metrics") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return Answer.whole(Array(text().utf8), MetricsText.contentType)
            },
            .get("/foundry/v1/usage") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(ListAnswer(resources: UsageShapes(platform: platform).members()))
            },
        ]
    }

    private func text() -> String {
        let edition = platform.feed.edition
        var text = MetricsText()
        PlatformMetrics(platform: platform, edition: edition).write(to: &text)
        ProcessMetrics(paths: platform.paths).write(to: &text)
        let sight = platform.usage.look(now: SystemClock.monotonic())
        MemberMetrics(edition.view, sight).write(to: &text)
        return text.text
    }
}

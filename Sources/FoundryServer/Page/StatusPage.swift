import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules

/// How the platform is, for a browser: one document without scripts, which loads itself anew.
struct StatusPage {
    private static let lastEvents = 30
    private static let reloadSeconds = 10

    let platform: Platform
    /// Allows this document's own style, and no other.
    let nonce: String

    func html() async -> String {
        let status = await PlatformStatus(platform: platform).answer()
        let view = platform.view
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="\(Self.reloadSeconds)">
            <title>Service Foundry \(HTMLText.text(status.instance))</title>
            <style nonce="\(HTMLText.text(nonce))">\(Self.style)</style>
            </head>
            <body>
            <h1>Service Foundry</h1>
            \(summary(status))\(apps(view))\(events(view))<footer>\
            <p>Version \(HTMLText.text(status.version)), instance \(HTMLText.text(status.instance)), \
            at \(HTMLText.text(SystemClock.timestamp().description)).</p>\
            </footer>
            </body>
            </html>

            """
    }

    private func summary(_ status: StatusAnswer) -> String {
        let counts = status.counts
        let line =
            "<p>\(counts.apps) apps, \(counts.healthyMembers) of \(counts.members) members healthy, \(counts.volumes) volumes, \(status.router.serving) of \(counts.routes) routes serving.</p>\n"
        guard !status.problems.isEmpty else { return "<p class=\"good\">All is well.</p>\n" + line }
        let problems = status.problems.map { "<li>\(HTMLText.text($0))</li>" }.joined()
        return "<ul class=\"bad\">\(problems)</ul>\n" + line
    }

    private func apps(_ view: PlatformView) -> String {
        let usage = Dictionary(grouping: UsageShapes(platform: platform).members(), by: \.app)
        let rows = AppSummaries(platform).all.map { app in
            let members = usage[app.guid] ?? []
            return [
                app.name, words(app), app.route?.address ?? "-",
                used(members.compactMap(\.memory), app.memory * Int64(app.instances)),
                app.disk.map { disk in
                    let sizes = members.compactMap(\.diskSize)
                    return used(
                        members.compactMap(\.diskUsed),
                        sizes.isEmpty ? disk * Int64(app.instances) : sizes.reduce(0, +))
                } ?? "-",
                "\(app.members.map(\.restarts).reduce(0, +))",
            ]
        }
        guard !rows.isEmpty else { return "<h2>Apps</h2>\n<p>There are none yet.</p>\n" }
        return "<h2>Apps</h2>\n"
            + HTMLText.table(["App", "State", "Address", "Memory", "Disk", "Restarts"], rows)
    }

    /// `crashed: exited with status 1`
    private func words(_ app: AppSummary) -> String {
        let reasons = app.members.compactMap(\.reason)
        return ([app.state] + reasons.prefix(1)).joined(separator: ": ")
    }

    private func used(_ used: [Int64], _ limit: Int64) -> String {
        let limit = ByteCount(bytes: limit).description
        return used.isEmpty ? limit : "\(ByteCount(bytes: used.reduce(0, +))) of \(limit)"
    }

    private func events(_ view: PlatformView) -> String {
        let rows = view.events.suffix(Self.lastEvents).reversed().map { event in
            [event.time.description, event.kind.rawValue, event.subject, event.message]
        }
        guard !rows.isEmpty else { return "<h2>Events</h2>\n<p>There are none yet.</p>\n" }
        return "<h2>Events</h2>\n" + HTMLText.table(["Time", "Event", "Subject", "What happened"], rows)
    }

    static let style = """
        body{font:1rem/1.5 sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem;color:#222;background:#fff}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}
        .good{color:#050}
        .bad{color:#a00}
        @media(prefers-color-scheme:dark){body{color:#ddd;background:#111}.good{color:#8c8}.bad{color:#f88}th,td{border-color:#444}}
        """
}

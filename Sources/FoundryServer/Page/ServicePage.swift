import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules

/// One service instance, or all of them, as a page and as JSON.
struct ServicePage {
    private static let lastEvents = 20

    let platform: Platform
    let instances: [ServiceInstanceRecord]
    let isList: Bool

    private var answers: [ServiceInstanceAnswer] {
        let shapes = ServiceShapes(base: "", platform: platform)
        return instances.map(shapes.instance)
    }

    var document: JSONNode {
        let all = answers.map(Self.node)
        return isList ? ["resources": .list(all)] : all.first ?? [:]
    }

    private static func node(_ answer: ServiceInstanceAnswer) -> JSONNode {
        let details = answer.foundry
        return [
            "guid": .text(answer.guid), "name": .text(answer.name), "offering": .text(details.offering),
            "plan": .text(details.plan), "version": .text(details.version), "state": .text(details.state),
            "members": .list(
                details.members.map { member in
                    let fields: JSONNode = ["name": .text(member.name), "state": .text(member.phase)]
                    return member.role.map { fields.with(["role": .text($0)]) } ?? fields
                }),
            "last_operation": [
                "type": .text(answer.lastOperation.type), "state": .text(answer.lastOperation.state),
                "description": .text(answer.lastOperation.description),
                "updated_at": .text(answer.lastOperation.updatedAt),
            ],
        ]
    }

    func html(nonce: String) -> String {
        let all = answers
        let title = isList ? "Services" : all.first?.name ?? ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="10">
            <title>\(HTMLText.text(title))</title>
            <style nonce="\(HTMLText.text(nonce))">\(StatusPage.style)</style>
            </head>
            <body>
            <h1>\(HTMLText.text(title))</h1>
            \(isList ? list(all) : all.map(one).joined())<footer>\
            <p>At \(HTMLText.text(SystemClock.timestamp().description)).</p>\
            </footer>
            </body>
            </html>

            """
    }

    private func list(_ all: [ServiceInstanceAnswer]) -> String {
        guard !all.isEmpty else { return "<p>There are none yet.</p>\n" }
        return HTMLText.table(
            ["Service", "Offering", "Plan", "State", "Last operation"],
            all.map { [$0.name, $0.foundry.offering, $0.foundry.plan, $0.foundry.state, words($0.lastOperation)] })
    }

    private func one(_ answer: ServiceInstanceAnswer) -> String {
        let details = answer.foundry
        let facts = HTMLText.table(
            ["Offering", "Plan", "Version", "State", "Last operation"],
            [[details.offering, details.plan, details.version, details.state, words(answer.lastOperation)]])
        let members = HTMLText.table(
            ["Member", "State", "Role", "Restarts", "Why"],
            details.members.map { [$0.name, $0.phase, $0.role ?? "-", "\($0.restarts)", $0.reason ?? "-"] })
        let rows = platform.view.events.filter { $0.app?.description == details.appGuid }.suffix(Self.lastEvents)
        let events = HTMLText.table(
            ["Time", "Event", "What happened"],
            rows.reversed().map { [$0.time.description, $0.kind.rawValue, "\($0.subject) \($0.message)"] })
        return facts + "<h2>Members</h2>\n" + members + "<h2>Events</h2>\n" + events
    }

    /// `update failed: the plan's disk is smaller`
    private func words(_ operation: LastOperation) -> String {
        let text = "\(operation.type) \(operation.state)"
        return operation.description.isEmpty ? text : "\(text): \(operation.description)"
    }
}

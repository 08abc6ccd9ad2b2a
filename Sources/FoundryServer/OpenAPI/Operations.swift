import FoundryClient
import FoundryRules

/// Every path and method of the API: a test compares it with what the server answers.
enum Operations {
    static let all = cloudFoundry + changes + operators + images + tokens + snapshots + services

    static let paging: [Operation.Query] = [
        .number("page", 1...1_000_000), .number("per_page", 1...5000), .text("order_by"),
    ]

    private static let instance = Operation.Query.number("instance", MemberChoice.numbers)

    static func list(
        _ path: String, _ summary: String, _ answer: Operation.Answered, _ filters: [String]
    ) -> Operation {
        Operation(call: "GET \(path)", summary: summary, query: paging + filters.map { .text($0) }, answer: answer)
    }

    static func read(_ path: String, _ summary: String, _ answer: any (Decodable & Sendable).Type) -> Operation {
        Operation(call: "GET \(path)", summary: summary, answer: .json(answer))
    }

    private static let cloudFoundry: [Operation] = [
        Operation(call: "GET /", summary: "Where things are", answer: .json(RootAnswer.self), isOpen: true),
        Operation(call: "GET /v3", summary: "Where things are", answer: .json(RootAnswer.self), isOpen: true),
        Operation(call: "GET /v3/info", summary: "What this is", answer: .json(InfoAnswer.self), isOpen: true),
        list("/v3/organizations", "Organizations", .json(Page<OrganizationAnswer>.self), ["names", "guids"]),
        read("/v3/organizations/:guid", "One organization", OrganizationAnswer.self),
        list("/v3/organizations/:guid/domains", "Domains", .json(Page<DomainAnswer>.self), ["names", "guids"]),
        list("/v3/spaces", "Spaces", .json(Page<SpaceAnswer>.self), ["names", "guids", "organization_guids"]),
        read("/v3/spaces/:guid", "One space", SpaceAnswer.self),
        list("/v3/domains", "Domains", .json(Page<DomainAnswer>.self), ["names", "guids"]),
        list(
            "/v3/apps", "Apps", .json(Page<AppAnswer>.self),
            ["names", "guids", "space_guids", "organization_guids", "states"]),
        read("/v3/apps/:guid", "One app", AppAnswer.self),
        list(
            "/v3/apps/:guid/processes", "The process of an app", .json(Page<ProcessAnswer>.self),
            ["guids", "types", "app_guids", "space_guids", "organization_guids"]),
        list("/v3/apps/:guid/routes", "Routes of an app", .json(Page<RouteAnswer>.self), ["guids", "ports"]),
        read("/v3/apps/:guid/droplets/current", "There is none", ErrorBody.self),
        list(
            "/v3/processes", "Processes", .json(Page<ProcessAnswer>.self),
            ["app_guids", "guids", "space_guids", "organization_guids", "types"]),
        read("/v3/processes/:guid", "One process", ProcessAnswer.self),
        list("/v3/processes/:guid/sidecars", "There are none", .json(Page<ProcessAnswer>.self), []),
        read("/v3/processes/:guid/stats", "What its members do", ProcessStatsAnswer.self),
        list(
            "/v3/routes", "Routes", .json(Page<RouteAnswer>.self),
            ["app_guids", "domain_guids", "space_guids", "organization_guids", "guids", "hosts", "paths", "ports"]),
        list(
            "/v3/audit_events", "Events, as Cloud Foundry tells them", .json(Page<AuditEventAnswer>.self),
            ["types", "target_guids", "space_guids", "organization_guids"]),
        Operation(
            call: "GET /v3/jobs/:guid", summary: "How far a change is", query: [.number("wait", 0...60)],
            answer: .json(JobAnswer.self)),
    ]

    private static let changes: [Operation] = [
        Operation(
            call: "POST /v3/spaces/:guid/actions/apply_manifest", summary: "Push", body: .json(BodySchemas.manifest),
            answer: .job),
        Operation(
            call: "POST /foundry/v1/spaces/:guid/plan", summary: "What a push would do",
            body: .json(BodySchemas.manifest), answer: .json(PlanAnswer.self)),
        Operation(
            call: "POST /v3/apps/:guid/actions/start", summary: "Start an app",
            answer: .json(AppAnswer.self, hasJob: true)),
        Operation(
            call: "POST /v3/apps/:guid/actions/stop", summary: "Stop an app",
            answer: .json(AppAnswer.self, hasJob: true)),
        Operation(
            call: "POST /v3/apps/:guid/actions/restart", summary: "Restart an app",
            answer: .json(AppAnswer.self, hasJob: true)),
        Operation(
            call: "DELETE /v3/apps/:guid", summary: "Delete an app; its volume is kept for the days of grace",
            query: [.flag("purge")], answer: .job),
        Operation(
            call: "PATCH /v3/processes/:guid", summary: "Change its checks", body: .json(BodySchemas.checks),
            answer: .json(ProcessAnswer.self)),
        Operation(
            call: "POST /v3/processes/:guid/actions/scale", summary: "More room, or less",
            body: .json(BodySchemas.scale), answer: .json(ProcessAnswer.self, 202, hasJob: true)),
        Operation(
            call: "POST /v3/apps/:guid/processes/:type/actions/scale", summary: "More room, or less",
            body: .json(BodySchemas.scale), answer: .json(ProcessAnswer.self, 202, hasJob: true)),
        Operation(
            call: "POST /foundry/v1/apps/:guid/exec", summary: "A command in a member, as frames",
            query: [instance], body: .bytes, answer: .other("application/octet-stream")),
    ]

    private static let operators: [Operation] = [
        read("/foundry/v1/apps", "Apps, with all that is their own", ListAnswer<AppSummary>.self),
        read("/foundry/v1/apps/:guid", "One app, with all that is its own", AppSummary.self),
        read("/foundry/v1/apps/:guid/why", "Why it is as it is", WhyAnswer.self),
        Operation(
            call: "GET /foundry/v1/apps/:guid/credentials", summary: "What a client needs", query: [instance],
            answer: .json(CredentialsAnswer.self)),
        Operation(
            call: "GET /foundry/v1/apps/:guid/logs", summary: "Its log, a line a line",
            query: [.number("lines", 0...10_000), .flag("follow")], answer: .lines),
        Operation(
            call: "GET /foundry/v1/events", summary: "What happened",
            query: [.text("app"), .number("limit", 0...5000), .flag("follow")],
            answer: .json(ListAnswer<EventSummary>.self)),
        Operation(
            call: "GET /foundry/v1/events/stream", summary: "What happens, as server-sent events",
            query: [.text("app"), .number("limit", 0...5000), .text("last_event_id")],
            answer: .other("text/event-stream")),
        read("/foundry/v1/usage", "What members use", ListAnswer<MemberUsageSummary>.self),
        read("/foundry/v1/volumes", "Volumes", ListAnswer<VolumeSummary>.self),
        read("/foundry/v1/status", "How the platform is", StatusAnswer.self),
        Operation(
            call: "GET /foundry/v1/audit", summary: "Who asked for what", query: [.number("limit", 1...5000)],
            answer: .json(ListAnswer<AuditEntry>.self)),
        Operation(
            call: "GET /foundry/v1/store/backup", summary: "The platform's own records, as a backup",
            answer: .other("application/octet-stream")),
        Operation(call: "GET /metrics", summary: "Figures, for Prometheus", answer: .other("text/plain")),
        Operation(
            call: "GET /foundry/v1/openapi.json", summary: "This document",
            answer: .init(status: 200, type: "application/json") { _ in ["type": "object"] }),
        read("/foundry/v1/log-drains", "Where logs go", ListAnswer<LogDrainSummary>.self),
        Operation(
            call: "POST /foundry/v1/apps/:guid/log-drains", summary: "Send its log to a syslog server",
            body: .json(BodySchemas.drain), answer: .json(LogDrainSummary.self, 201)),
        Operation(call: "DELETE /foundry/v1/log-drains/:id", summary: "Send it no more", answer: .nothing),
    ]

    private static let images: [Operation] = [
        read("/foundry/v1/images", "Images on this machine", ListAnswer<ImageSummary>.self),
        read("/foundry/v1/aliases", "Short names of images", ListAnswer<AliasSummary>.self),
        Operation(
            call: "POST /foundry/v1/images/pull", summary: "Copy an image from its registry",
            body: .json(ImagePullBody.self), answer: .lines),
        Operation(
            call: "POST /foundry/v1/images/import", summary: "Take in an upload as an image",
            body: .json(ImageImportBody.self), answer: .lines),
        Operation(
            call: "DELETE /foundry/v1/images", summary: "Remove an image", query: [.text("name")],
            answer: .json(ImageRemoval.self)),
        Operation(
            call: "POST /foundry/v1/uploads", summary: "Begin an upload", answer: .json(UploadAnswer.self, 201)),
        Operation(
            call: "POST /foundry/v1/uploads/:guid", summary: "The next part of an upload",
            query: [.number("offset", 0...1 << 50)], body: .bytes, answer: .json(UploadAnswer.self)),
    ]

    private static let tokens: [Operation] = [
        read("/foundry/v1/tokens", "Tokens, without their texts", ListAnswer<TokenSummary>.self),
        Operation(
            call: "POST /foundry/v1/tokens", summary: "Make a token", body: .json(BodySchemas.token),
            answer: .json(TokenSummary.self, 201)),
        Operation(call: "DELETE /foundry/v1/tokens/:name", summary: "Revoke a token", answer: .nothing),
    ]

    private static let snapshots: [Operation] = [
        read("/foundry/v1/snapshots", "Snapshots", ListAnswer<SnapshotSummary>.self),
        read("/foundry/v1/apps/:guid/snapshots", "Snapshots of an app", ListAnswer<SnapshotSummary>.self),
        Operation(
            call: "POST /foundry/v1/apps/:guid/snapshots", summary: "Take a snapshot",
            body: .json(BodySchemas.snapshot), answer: .json(SnapshotSummary.self, 202, hasJob: true)),
        Operation(call: "DELETE /foundry/v1/snapshots/:id", summary: "Remove a snapshot", answer: .job),
        Operation(
            call: "POST /foundry/v1/apps/:guid/clones", summary: "A new app with a copy of its disk",
            body: .json(BodySchemas.clone), answer: .json(CloneSummary.self, 202, hasJob: true)),
        Operation(
            call: "POST /foundry/v1/apps/:guid/rewinds", summary: "Its disk as it was",
            body: .json(BodySchemas.rewind), answer: .json(RewindSummary.self, 202, hasJob: true)),
        Operation(
            call: "DELETE /foundry/v1/volumes/:id", summary: "Let go of a volume that no app uses any more",
            query: [.flag("purge")], answer: .job),
    ]
}

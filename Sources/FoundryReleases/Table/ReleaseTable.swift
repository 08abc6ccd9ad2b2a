import FoundryModel
import FoundryRules

/// Every field of `release.yml`.
enum ReleaseTable {
    static let root = ReleaseKind.group([
        ReleaseField("format", .integer(1...1), required: true, "The version of this format: 1."),
        ReleaseField("name", .shaped(.name), required: true, "A DNS label; the offering is called that."),
        ReleaseField("version", .shaped(.version), required: true, "Three numbers, of the release."),
        ReleaseField("title", .text(longest: 80), required: true, "For people."),
        ReleaseField("description", .text(longest: 500), required: true, "One or two sentences."),
        ReleaseField("documentation", .shaped(.link), "Where more is written."),
        ReleaseField("tags", .list(.shaped(.tag), count: 0...20), "Words by which apps find it."),
        ReleaseField("image", image, required: true, "Where its image comes from: exactly one of the four."),
        ReleaseField("port", .integer(1...65_535), required: true, "Inside the member; the route leads to it."),
        ReleaseField("data", .shaped(.path), "Where the disk is mounted; left out: a service without a disk."),
        ReleaseField("tls", .flag, "A certificate for each instance, in `/foundry/tls`. Default: false."),
        ReleaseField(
            "secrets", .list(.shaped(.parameterName), count: 0...50),
            "Generated for each instance: 32 letters and digits, in `/foundry/secrets/NAME`."),
        ReleaseField(
            "values", .map(.parameterName, .scalar, count: 0...100), "Constants for templates and credentials."),
        ReleaseField("health", check, "Decides restarts. Left out: `port: true`."),
        ReleaseField(
            "readiness", check,
            "Decides whether the route leads to a member. Left out: `verbs/ready` if there is one, else nothing."),
        ReleaseField("cluster", cluster, "Only where members know each other."),
        ReleaseField("plans", .map(.planName, plan, count: 1...50), required: true, "What users choose from."),
        ReleaseField("parameters", parameters(100), "What users may set; each is a name in templates."),
        ReleaseField("binding", binding, required: true, "What an app gets that is bound."),
    ])

    private static let image = ReleaseKind.group(
        [
            ReleaseField(
                "local", .shaped(.localImage), "An image that lies on the machine: bundled, imported or pulled."),
            ReleaseField("reference", .shaped(.pinnedImage), "An image of a registry, by its digest."),
            ReleaseField(
                "packages", .shaped(.entry), "A directory of the release: built on the spot from Debian packages."),
            ReleaseField("archive", .shaped(.entry), "An OCI archive in the release."),
        ], one: ["local", "reference", "packages", "archive"])

    private static let check = ReleaseKind.group(
        [
            ReleaseField("verb", .shaped(.verb), "An executable of `verbs/`: exit 0 is good."),
            ReleaseField(
                "protocol", .word(EngineProtocol.allCases.map(\.rawValue)), "The engine is asked in its own protocol."),
            ReleaseField("port", .flag, "A connection to the port is good. Only `true`."),
            ReleaseField("process", .flag, "A process that runs is good. Only `true`."),
            ReleaseField("interval", .shaped(.interval), "Between two checks."),
            ReleaseField("timeout", .shaped(.timeout), "Of one check."),
            ReleaseField("start_period", .shaped(.startPeriod), "Failures within it do not count."),
        ], one: ["verb", "protocol", "port", "process"])

    private static let cluster = ReleaseKind.group([
        ReleaseField(
            "start", .word(ReleaseCluster.Start.allCases.map(\.rawValue)), required: true,
            "`in-order`: a member starts when the one before it is ready.")
    ])

    private static let plan = ReleaseKind.group([
        ReleaseField("description", .text(longest: 500), required: true, "One sentence."),
        ReleaseField(
            "members", .integer(1...Int64(SpecRule.instanceLimits.upperBound)), "Default: 1; more only with `cluster`."),
        ReleaseField("memory", .shaped(.memory), required: true, "Of each member."),
        ReleaseField("cpu", .shaped(.cpu), required: true, "Cores of each member."),
        ReleaseField("disk", .shaped(.disk), "Of each member; with `data`, and only then."),
        ReleaseField("policy", policy, "As the flags of `foundry push` of these names."),
        ReleaseField("parameters", .map(.parameterName, .scalar, count: 0...100), "Defaults of this plan."),
    ])

    private static let policy = ReleaseKind.group([
        ReleaseField("restart-policy", .word(RestartPolicy.allCases.map(\.rawValue)), "Default: `consistent`."),
        ReleaseField("disk-sync", .shaped(.diskSync), "Default: `normal`."),
        ReleaseField("io-performance", .word(IOClass.allCases.map(\.rawValue)), "Default: `max`."),
        ReleaseField("fence", .word(FenceLevel.allCases.map(\.rawValue)), "Default: `session`."),
        ReleaseField("when-lost", .word(WhenLost.allCases.map(\.rawValue)), "Default: `wait`."),
    ])

    private static func parameters(_ most: Int) -> ReleaseKind {
        .map(.parameterName, parameter, count: 0...most)
    }

    private static let parameter = ReleaseKind.group([
        ReleaseField("type", .word(["integer", "boolean", "text", "choice"]), required: true, "What it holds."),
        ReleaseField("minimum", .integer(Int64.min...Int64.max), "Of an integer."),
        ReleaseField("maximum", .integer(Int64.min...Int64.max), "Of an integer."),
        ReleaseField(
            "max_length", .integer(1...1_000),
            "Of a text: characters, default 200; letters, digits, space and `_.,:;/@+=%-` only."),
        ReleaseField("choices", .list(.text(longest: 100), count: 1...100), "Of a choice."),
        ReleaseField("default", .scalar, "Left out: the plan or the user gives it; of a text: empty."),
        ReleaseField("description", .text(longest: 500), "One sentence."),
        ReleaseField("restart", .flag, "A change of it makes members anew. Default: true."),
    ])

    private static let binding = ReleaseKind.group([
        ReleaseField("parameters", parameters(20), "What whoever binds may set."),
        ReleaseField(
            "users", .flag,
            "Each binding has a user and a password of its own. Default: whether there is `verbs/bind`."),
        ReleaseField(
            "credentials", .map(.fieldName, .text(longest: 16_384), count: 1...40), required: true,
            "The document that a binding gets; values are templates."),
    ])
}

import FoundryClient
import FoundryModel

/// The releases that are installed, as a table.
public struct ReleasesView {
    private let releases: [ReleaseSummary]
    private let now: Timestamp

    public init(_ releases: [ReleaseSummary], now: Timestamp) {
        self.releases = releases
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if releases.isEmpty { return ["No releases are installed. `foundry release install FILE` brings one."] }
        var table = Table([
            .init("name"), .init("version"), .init("offered"), .init("instances", .right), .init("signed by"),
            .init("installed"), .init("is", isFlexible: true),
        ])
        for release in releases {
            table.add([
                .init(release.name, .strong), .init(release.version), .init(release.isCurrent ? "yes" : "no"),
                .init("\(release.instances.count)"),
                release.signer.map { .init(String($0.prefix(16))) } ?? .init("nobody", .warning),
                .init(AgeText.since(release.installedAt.timestamp, now: now) + " ago"), .init(release.title),
            ])
        }
        return table.lines(on: terminal)
    }
}

/// One version of a release with all that is its own.
public struct ReleaseView {
    private let release: ReleaseSummary

    public init(_ release: ReleaseSummary) { self.release = release }

    public func lines(on terminal: Terminal) -> [String] {
        var fields = FieldList()
        fields.add("name", .init("\(release.name) \(release.version)", .strong))
        fields.add("is", ifAny: release.title)
        fields.add("says", ifAny: release.description)
        fields.add("offered", .init(release.isCurrent ? "yes" : "no: a newer version is"))
        fields.add("tags", ifAny: release.tags.joined(separator: ", "))
        fields.add("docs", ifAny: release.documentation)
        fields.add("image", .init(ImageText.of(release.image)))
        fields.add("digest", .init(release.digest))
        fields.add("signed by", .init(release.signer ?? "nobody"))
        fields.add("bindings", .init(release.hasUsers ? "each with a user of its own" : "without users"))
        fields.add("TLS", .init(release.hasTls ? "yes" : "no"))
        fields.add("plans", ifAny: release.plans.map(\.name).joined(separator: ", "))
        fields.add("instances", .init(release.instances.isEmpty ? "none" : release.instances.joined(separator: ", ")))
        fields.add("installed", .init("\(release.installedAt.timestamp) by \(release.installedBy)"))
        return fields.lines(on: terminal)
            + MarketplaceView.parameters("Parameters of an instance:", release.parameters, terminal)
            + MarketplaceView.parameters(
                "Parameters of a binding or key:", release.bindingParameters, terminal, restart: false)
    }
}

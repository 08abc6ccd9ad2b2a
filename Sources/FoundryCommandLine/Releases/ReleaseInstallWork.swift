import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryReleases

/// Brings a release to the platform: judged, trusted, its image there, uploaded.
public struct ReleaseInstallWork: Sendable {
    public struct Trust: Sendable {
        /// The fingerprint that was given.
        public var fingerprint: String?
        /// An unsigned one is well.
        public var unsigned: Bool
        /// Ask nothing: what would be asked about is well.
        public var yes: Bool

        public init(fingerprint: String?, unsigned: Bool, yes: Bool) {
            self.fingerprint = fingerprint
            self.unsigned = unsigned
            self.yes = yes
        }
    }

    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat

    public init(_ api: FoundryAPI, console: Console, format: OutputFormat) {
        self.api = api
        self.console = console
        self.format = format
    }

    /// - Parameter what: a directory, a `.tgz`, its address, or a name.
    /// - Parameter catalog: which has the name; nil: none.
    public func run(
        _ what: String, from catalog: String? = nil, version: String? = nil, trust: Trust
    ) async throws {
        try await ReleaseSource.with(what, from: catalog, version: version) { source in
            let release = try ReleaseReader.read(source.directory).checked()
            try self.trust(source, release.manifest.name, trust)
            let image = try await bringImage(release, source)
            note("upload", release.id.description)
            let upload = try await ImageWork(api, console: console, format: format).send(source.archive)
            let installed = try await api.installRelease(
                ReleaseInstallBody(upload: upload, signer: source.verdict.signer?.fingerprint, image: image))
            try console.show(installed, as: format) {
                [
                    "\(installed.name) \(installed.version) is installed"
                        + (installed.isCurrent ? ", and offered" : ""),
                    "foundry create-service \(installed.name) \(installed.plans.first?.name ?? "PLAN") NAME",
                ]
            }
        }
    }

    /// A key is asked about once; this user's own never.
    private func trust(_ source: ReleaseSource, _ name: AppName, _ trust: Trust) throws {
        let file = ReleaseHome.trustedAuthors
        var authors = try TrustedAuthors.read(file)
        let signer = source.verdict.signer
        let own = try ReleaseKey.read(ReleaseHome.key)?.fingerprint
        if signer == nil, trust.unsigned { return }
        let said = trust.fingerprint ?? (signer?.fingerprint == own ? own : nil)
        switch authors.decide(name, signer: signer, said: said) {
        case .trusted: break
        case .refused(let error): throw error
        case .ask(let error):
            guard trust.yes || ask(error) else { throw error }
        }
        guard let signer else { return }
        authors.trust(signer, for: name)
        try authors.write(file)
    }

    private func ask(_ error: FoundryError) -> Bool {
        guard Prompt.isPossible, format == .table else { return false }
        return Prompt(console).confirm("\(error.message) Install it, and trust that from now on?")
    }

    /// - Returns: how the image is called that was brought for it; nil: the server finds it by the release's own words.
    private func bringImage(_ release: CheckedRelease, _ source: ReleaseSource) async throws -> String? {
        let name = "release-image/\(release.id.name):\(release.id.version)"
        switch release.manifest.image {
        case .local, .reference: return nil
        case .packages(let directory):
            note("build", "the image of \(release.id): a minute or so")
            try await ImageBuilder.build("\(source.directory)/\(directory)") { archive, _ in
                try await take(archive, name)
            }
        case .archive(let file):
            note("image", "the image of \(release.id)")
            try await take("\(source.directory)/\(file)", name)
        }
        return name
    }

    private func take(_ archive: String, _ name: String) async throws {
        let upload = try await ImageWork(api, console: console, format: format).send(archive)
        _ = try await api.importImage(ImageImportBody(upload: upload, name: name))
    }

    private func note(_ label: String, _ text: String) {
        if format == .table { console.note("\(label): \(text)") }
    }
}

/// `POST /foundry/v1/releases`
public struct ReleaseInstallBody: Hashable, Sendable, Codable {
    /// The guid of the upload that holds the `.tgz`. It is used up.
    public var upload: String
    /// Fingerprint of the key that signed it, which the installer trusts; nil: nobody signed it, and that is well.
    public var signer: String?
    /// Of a release whose image was built or brought here for it: what it is called here.
    public var image: String?

    public init(upload: String, signer: String? = nil, image: String? = nil) {
        self.upload = upload
        self.signer = signer
        self.image = image
    }
}

/// The last line of the answer to that; empty lines before it are signs of life. It has either a release or an error.
public struct ReleaseWorkLine: Hashable, Sendable, Codable {
    public var release: ReleaseSummary?
    public var error: ErrorItem?

    public init(release: ReleaseSummary? = nil, error: ErrorItem? = nil) {
        self.release = release
        self.error = error
    }
}

/// `DELETE /foundry/v1/releases/:name`: the versions that went.
public struct ReleaseRemoval: Hashable, Sendable, Codable {
    public var name: String
    public var versions: [String]

    public init(name: String, versions: [String]) {
        self.name = name
        self.versions = versions
    }
}

/// `POST /foundry/v1/images/pull`
public struct ImagePullBody: Hashable, Sendable, Codable {
    /// `registry.example/team/name:tag`, or with a digest.
    public var reference: String
    /// Of the registry; both or neither.
    public var username: String?
    public var password: String?

    public init(reference: String, username: String? = nil, password: String? = nil) {
        self.reference = reference
        self.username = username
        self.password = password
    }
}

/// `POST /foundry/v1/images/import`
public struct ImageImportBody: Hashable, Sendable, Codable {
    /// The guid of the upload that holds the archive. It is used up.
    public var upload: String
    /// What the image is called here: `team/name:tag`
    public var name: String

    public init(upload: String, name: String) {
        self.upload = upload
        self.name = name
    }
}

/// The last line of the answer to a pull or an import; empty lines before it are signs of life. It has either an image or an error.
public struct ImageWorkLine: Hashable, Sendable, Codable {
    public var arrival: ImageArrival?
    public var error: ErrorItem?

    public init(arrival: ImageArrival? = nil, error: ErrorItem? = nil) {
        self.arrival = arrival
        self.error = error
    }
}

/// What came.
public struct ImageArrival: Hashable, Sendable, Codable {
    public struct Layer: Hashable, Sendable, Codable {
        public var digest: String
        /// As it lies here, in bytes.
        public var size: Int64
        /// It was not here before.
        public var isNew: Bool

        public init(digest: String, size: Int64, isNew: Bool) {
            self.digest = digest
            self.size = size
            self.isNew = isNew
        }
    }

    public var image: ImageSummary
    /// Lowest first.
    public var layers: [Layer]

    public init(image: ImageSummary, layers: [Layer]) {
        self.image = image
        self.layers = layers
    }
}

/// `DELETE /foundry/v1/images?name=…`: what went.
public struct ImageRemoval: Hashable, Sendable, Codable {
    public var name: String
    public var digest: String
    /// Bytes that came free, of packed and of unpacked layers.
    public var freed: Int64

    public init(name: String, digest: String, freed: Int64) {
        self.name = name
        self.digest = digest
        self.freed = freed
    }
}

/// `POST /foundry/v1/uploads`, and each part that is added to one.
public struct UploadAnswer: Hashable, Sendable, Codable {
    public var guid: String
    /// Bytes that are there.
    public var size: Int64

    public init(guid: String, size: Int64) {
        self.guid = guid
        self.size = size
    }
}

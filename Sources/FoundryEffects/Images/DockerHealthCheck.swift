/// `config.Healthcheck` of an image; times in nanoseconds, 0 for the default.
///
/// - Source: Docker's image specification. OCI's has no such field: a configuration that is turned into OCI's loses it.
public struct DockerHealthCheck: Hashable, Sendable, Codable {
    public var test: [String]?
    public var interval: Int64?
    public var timeout: Int64?
    public var startPeriod: Int64?
    public var retries: Int?

    enum CodingKeys: String, CodingKey {
        case test = "Test"
        case interval = "Interval"
        case timeout = "Timeout"
        case startPeriod = "StartPeriod"
        case retries = "Retries"
    }

    /// A configuration, as far as this goes.
    struct Image: Decodable {
        var config: Config?

        struct Config: Decodable {
            var health: DockerHealthCheck?

            enum CodingKeys: String, CodingKey { case health = "Healthcheck" }
        }
    }
}

import FoundryClient
import FoundryModel

/// What `create-service` and `update-service` were asked for beside the plan.
public struct ServiceArguments: Sendable {
    /// JSON, or a file.
    public var parameters: String?
    public var policy = PolicyArguments()
    public var memory: String?
    public var disk: String?

    public init() {}

    /// Nothing that was not given is sent.
    ///
    /// - Throws: `bad_request` for parameters that cannot be read.
    func body() throws(FoundryError) -> ServiceInstanceBody {
        let wishes = ServiceWishesBody(
            restartPolicy: policy.restartPolicy, diskSync: policy.diskSync, ioPerformance: policy.ioPerformance,
            fence: policy.fence, whenLost: policy.whenLost, memory: memory, disk: disk)
        return ServiceInstanceBody(
            parameters: try ParameterText.read(parameters), foundry: wishes.isEmpty ? nil : wishes)
    }
}

import FoundryModel
import FoundryReleases
import FoundryRules

/// A release's parameters as a JSON schema of a request.
enum BrokerSchema {
    /// - Parameter plan: its defaults, over the release's.
    /// - Parameter isUpdate: nothing has to be given again.
    static func parameters(
        _ parameters: [ReleaseParameter], plan: [String: ParameterValue] = [:], isUpdate: Bool = false
    ) -> JSONNode {
        let schema = ParameterSchema.document(parameters, defaults: plan)
        let needed = parameters.filter { plan[$0.name] == nil && $0.defaultValue == nil }.map(\.name)
        return needed.isEmpty || isUpdate ? schema : schema.with(["required": .list(needed.map { .text($0) })])
    }
}

extension JSONNode {
    init(_ values: [String: ParameterValue]) { self = .object(values.mapValues { JSONNode($0) }) }

    init(_ credentials: [String: CredentialValue]) {
        self = .object(
            credentials.mapValues { value in
                switch value {
                case .text(let text): .text(text)
                case .number(let number): .number(number)
                }
            })
    }
}

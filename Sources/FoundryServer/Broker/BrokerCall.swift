import FoundryModel
import FoundryRules

/// What a broker's request says. Fields that are not known are passed over, as the specification wants it.
struct BrokerCall {
    private static let contextFields = [
        "platform", "instance_name", "space_name", "organization_name", "namespace", "clusterid",
    ]
    private static let longest = 200

    let request: APIRequest
    let instance: ServiceInstanceID
    /// The client can wait for what takes time.
    let isPatient: Bool

    /// - Throws: `bad_request`.
    init(_ request: APIRequest) throws(FoundryError) {
        self.request = request
        guard let id = ServiceInstanceID(request.parameters["instance_id"] ?? "") else {
            throw Self.bad("The service instance's id is not 1 to 64 of a-z, 0-9, hyphens and dots.")
        }
        instance = id
        switch Self.query(request, "accepts_incomplete") {
        case nil, "false": isPatient = false
        case "true": isPatient = true
        default: throw Self.bad("accepts_incomplete is neither true nor false.")
        }
    }

    /// - Throws: `bad_request`.
    func binding() throws(FoundryError) -> BindingID {
        guard let id = BindingID(request.parameters["binding_id"] ?? "") else {
            throw Self.bad("The binding's id is not 1 to 64 of a-z, 0-9, hyphens and dots.")
        }
        return id
    }

    /// Of the query, as a DELETE has them.
    ///
    /// - Throws: `bad_request` when one is missing.
    func names() throws(FoundryError) -> (service: String, plan: String) {
        guard let service = query("service_id"), !service.isEmpty, let plan = query("plan_id"), !plan.isEmpty else {
            throw Self.bad("The query needs service_id and plan_id.")
        }
        return (service, plan)
    }

    func query(_ name: String) -> String? { Self.query(request, name) }

    private static func query(_ request: APIRequest, _ name: String) -> String? {
        request.query.first { $0.name == name }?.value
    }

    /// - Throws: `not_json`, `wrong_type`.
    func body() throws(FoundryError) -> FieldReader { try FieldReader(try ManifestJSON.read(request.body), path: "") }

    /// What people want to see of where it came from.
    func origin(_ body: inout FieldReader) throws(FoundryError) -> ServiceOrigin {
        var context: [String: String] = [:]
        if let value = body.value("context") {
            guard case .map(let entries) = value else {
                throw FieldReader.wrongType("context", value, "a group of fields")
            }
            for entry in entries where Self.contextFields.contains(entry.key) {
                guard case .scalar(let text, .text) = entry.value else { continue }
                context[entry.key] = Self.told(text)
            }
        }
        return ServiceOrigin(by: request.caller, isBroker: true, context: context)
    }

    /// Somebody else's words, which are kept and shown: one short line of text.
    static func told(_ text: String) -> String {
        let plain = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: plain.prefix(longest))
        return String(kept)
    }

    static func bad(_ message: String) -> FoundryError { FoundryError(.badRequest, message) }
}

extension FieldReader {
    /// - Throws: `bad_request` when it is missing or empty.
    mutating func needed(_ name: String) throws(FoundryError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw BrokerCall.bad("\(place(name)) is missing.") }
        return text
    }

    /// A release's parameters, as a user gives them.
    ///
    /// - Throws: `wrong_type`; `parameter_invalid` for what no parameter can be.
    mutating func parameters(_ name: String = "parameters") throws(FoundryError) -> [String: ParameterValue] {
        guard let value = value(name) else { return [:] }
        guard case .map(let entries) = value else { throw Self.wrongType(place(name), value, "a group of fields") }
        var parameters: [String: ParameterValue] = [:]
        for entry in entries {
            guard case .scalar(let text, let kind) = entry.value, let value = ParameterValue(text, kind) else {
                throw FoundryError(
                    .parameterInvalid,
                    "The parameter '\(entry.key.prefix(80))' is neither a text, nor a whole number, nor true or false.")
            }
            parameters[entry.key] = value
        }
        return parameters
    }
}

extension ParameterValue {
    fileprivate init?(_ text: String, _ kind: ManifestValue.Kind) {
        switch kind {
        case .text: self = .text(text)
        case .boolean: self = .boolean(text == "true")
        case .integer:
            guard let number = Int64(text) else { return nil }
            self = .integer(number)
        case .number: return nil
        }
    }
}

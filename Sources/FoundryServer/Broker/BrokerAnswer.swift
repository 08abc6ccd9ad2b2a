import FoundryClient
import FoundryModel
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers in the broker's shape.
///
/// - Source: Open Service Broker API 2.17, "Service Broker Errors".
enum BrokerAnswer {
    static func json(_ value: JSONNode, _ status: HTTPResponse.Status = .ok) throws(FoundryError) -> Response {
        try Answer.json(value, status: status)
    }

    /// It is being done.
    static func accepted(_ fields: [String: JSONNode], job: JobID) throws(FoundryError) -> Response {
        var response = try json(.object(fields.merging(["operation": .text(job.description)]) { $1 }), .accepted)
        retry(after: 1, &response)
        return response
    }

    /// What was to be removed is not there.
    static func gone() throws(FoundryError) -> Response { try json([:], .gone) }

    static func retry(after seconds: Int, _ response: inout Response) {
        if let name = HTTPField.Name("Retry-After") { response.headers[name] = "\(seconds)" }
    }

    static func error(_ error: FoundryError) -> Response {
        let (status, word) = surface(error)
        let text = error.hint.map { "\(error.message) (\($0))" } ?? error.message
        let body: JSONNode = ["error": .text(word), "description": .text(text)]
        var headers: HTTPFields = [
            .contentType: "application/json; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        if status == 401 { headers[.wwwAuthenticate] = #"Basic realm="Service Foundry broker", charset="UTF-8""# }
        let bytes = (try? WireJSON.encode(body)).map { [UInt8]($0) } ?? []
        var response = Response(
            status: .init(code: status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        if status == 429 { retry(after: 2, &response) }
        return response
    }

    /// With the client's name of the request, which it finds again.
    static func marked(_ response: Response, _ request: Request) -> Response {
        guard let name = HTTPField.Name(BrokerHead.requestHeader), let text = BrokerHead(request.headers).request else {
            return response
        }
        var response = response
        response.headers[name] = text
        return response
    }

    /// A platform reads 409 as "another one has the id", 410 as "gone", and 422 as "not now, or not so": nothing else may say that.
    private static func surface(_ error: FoundryError) -> (status: Int, word: String) {
        switch error.code {
        case .serviceBusy, .conflict, .appBusy: (422, "ConcurrencyError")
        case .asyncRequired: (422, "AsyncRequired")
        case .maintenanceInfoConflict: (422, "MaintenanceInfoConflict")
        case .serviceTaken, .bindingTaken: (409, word(error.code))
        case .offeringNotFound, .planNotFound, .parameterInvalid, .badRequest, .notJSON, .wrongType, .nameInvalid,
            .sizeInvalid, .policyUnknown, .policyConflict:
            (400, word(error.code))
        case let code:
            switch code.surface.httpStatus {
            case 409: (422, word(code))
            case let status: (status, word(code))
            }
        }
    }

    /// `plan_not_found` becomes `PlanNotFound`.
    private static func word(_ code: ErrorCode) -> String {
        code.rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

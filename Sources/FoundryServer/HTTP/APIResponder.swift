import FoundryEffects
import FoundryModel
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Answers a listener's requests: checks, finds the endpoint, reads the body, and turns every error into an answer.
struct APIResponder: HTTPResponder {
    typealias Context = ServerContext

    let table: EndpointTable
    /// nil: whoever has a connection may ask (cells, by their certificates).
    let gate: Gate?
    let checksHost: Bool
    /// Bytes of a body.
    var largestBody = Limits.body
    /// nil: nobody counts.
    var witness: RequestWitness?
    let logger: Logger
    private let deadlines = SharedDeadlines()

    func respond(to request: Request, context: ServerContext) async throws -> Response {
        let began = SystemClock.monotonic()
        var account = RequestWitness.Account()
        let outcome: Result<Response, FoundryError>
        do throws(FoundryError) { outcome = .success(try await answer(request, context, &account)) } catch {
            outcome = .failure(error)
        }
        let (response, error) = finish(outcome, request, isBroker: account.broker != nil)
        let took = SystemClock.monotonic() - began
        await witness?.saw(request, account, response, error, milliseconds: took)
        logger.debug(
            "request answered",
            metadata: [
                "method": "\(request.method.rawValue.prefix(20))", "path": "\(request.uri.path.prefix(200))",
                "status": "\(response.status.code)", "milliseconds": "\(took)",
                "request_identity": "\(account.broker?.request ?? "")",
            ])
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// - Parameter account: told what becomes known on the way; the endpoint only once the caller may know that it exists.
    private func answer(
        _ request: Request, _ context: ServerContext, _ account: inout RequestWitness.Account
    ) async throws(FoundryError) -> Response {
        let head = try RequestHead(request, checksHost: checksHost)
        // As the endpoints are found: however a path is written, the same credentials open it.
        if head.segments.first == BrokerHead.root { account.broker = BrokerHead(request.headers) }
        let match: Result<EndpointTable.Match, FoundryError>
        do throws(FoundryError) { match = .success(try table.match(head.method, head.segments)) } catch {
            match = .failure(error)
        }
        var caller: Caller?
        if let gate, (try? match.get().endpoint.isOpen) != true {
            caller = try account.broker == nil ? gate.check(request.headers) : gate.checkBroker(request.headers)
        }
        account.caller = caller?.name
        try account.broker?.check()
        let (endpoint, parameters) = try match.map { ($0.endpoint, $0.parameters) }.get()
        account.route = endpoint.pattern
        account.isSecret = endpoint.isSecret
        account.app = witness?.app(parameters)
        try caller?.check(endpoint)
        let call = APIRequest(
            method: head.method, path: head.path, parameters: parameters, query: head.query,
            body: try await endpoint.takesStream ? [] : body(request),
            stream: request.body, note: account.note,
            contentType: request.headers[.contentType], accepts: request.headers[.accept],
            authorization: request.headers[.authorization],
            lastEventID: HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] },
            broker: account.broker, base: "https://\(head.authority)", caller: caller?.name ?? "",
            channel: context.channel, logger: logger)
        return try await limited(endpoint.limit) { () async throws(FoundryError) -> Response in
            try await endpoint.handler(call)
        }
    }

    /// - Throws: `body_too_large`, as soon as it is known.
    private func body(_ request: Request) async throws(FoundryError) -> [UInt8] {
        let tooLarge = FoundryError(
            .bodyTooLarge, "The body is larger than \(largestBody) bytes.",
            hint: "a manifest has a few kilobytes; is it the right file?")
        if let text = request.headers[.contentLength], let length = Int(text), length > largestBody { throw tooLarge }
        do {
            return Array(try await request.body.collect(upTo: largestBody).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch {
            throw FoundryError(.badRequest, "The body could not be read.", detail: "\(error)")
        }
    }

    private func limited(
        _ limit: Duration, _ work: @escaping @Sendable () async throws(FoundryError) -> Response
    ) async throws(FoundryError) -> Response {
        do {
            return try await deadlines.run(limit) { try await work() }
        } catch let error as FoundryError {
            throw error
        } catch is DeadlineExceeded {
            throw FoundryError(.timedOut, "The request took longer than \(limit).", hint: "foundry status")
        } catch {
            throw FoundryError(
                .internalError, "The request could not be answered.", detail: "\(error)", hint: "foundry doctor")
        }
    }

    private func finish(
        _ outcome: Result<Response, FoundryError>, _ request: Request, isBroker: Bool
    ) -> (Response, FoundryError?) {
        // What is no request at all was not taken apart.
        let isBroker = isBroker || BrokerHead.isNeeded(request.uri.path)
        switch outcome {
        case .success(let response): return (isBroker ? BrokerAnswer.marked(response, request) : response, nil)
        case .failure(let error):
            if error.code.surface.httpStatus >= 500 {
                logger.error(
                    "request failed", metadata: ["path": "\(request.uri.path.prefix(200))", "error": "\(error)"])
            }
            return (isBroker ? BrokerAnswer.marked(BrokerAnswer.error(error), request) : Answer.error(error), error)
        }
    }
}

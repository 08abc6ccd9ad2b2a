import FoundryClient
import FoundryModel
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Responses of the API.
enum Answer {
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, location: String? = nil
    ) throws(FoundryError) -> Response {
        let bytes: Data
        do { bytes = try WireJSON.encode(value) } catch {
            throw FoundryError(.internalError, "The answer could not be written.", detail: "\(error)")
        }
        var headers = headers("application/json; charset=utf-8")
        if let location { headers[.location] = location }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// - Parameter bytes: JSON already.
    static func json(_ bytes: [UInt8]) -> Response { whole(bytes, "application/json; charset=utf-8") }

    /// An answer that is no JSON.
    static func whole(_ bytes: [UInt8], _ contentType: String, _ more: HTTPFields = [:]) -> Response {
        var headers = headers(contentType)
        for field in more { headers[field.name] = field.value }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// Accepted; the location tells where the work can be followed.
    static func accepted(location: String) -> Response {
        Response(status: .accepted, headers: headers("application/json; charset=utf-8", location: location))
    }

    static func nothing() -> Response { Response(status: .noContent) }

    /// In Cloud Foundry's shape, with ours beside it.
    static func error(_ error: FoundryError) -> Response {
        var headers = headers("application/json; charset=utf-8")
        if error.code == .unauthenticated { headers[.wwwAuthenticate] = "Bearer" }
        if error.code == .methodNotAllowed, let methods = error.hint?.dropFirst("use ".count) {
            headers[.allow] = String(methods)
        }
        return Response(
            status: .init(code: error.code.surface.httpStatus), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: errorBody(error))))
    }

    static func errorBody(_ error: FoundryError) -> [UInt8] {
        (try? WireJSON.encode(ErrorBody([error]))).map { [UInt8]($0) } ?? []
    }

    /// Newline-separated JSON, written as it comes; an empty line is a sign of life.
    static func lines(_ write: @escaping @Sendable (inout LineWriter) async throws -> Void) -> Response {
        let body = ResponseBody { writer in
            var lines = LineWriter(writer)
            try await write(&lines)
            try await lines.finish()
        }
        return Response(status: .ok, headers: headers("application/x-ndjson"), body: body)
    }

    /// - Source: the HTML standard, section 9.2.
    static func serverSentEvents(
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        let body = ResponseBody { writer in
            try await write(&writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers("text/event-stream"), body: body)
    }

    /// Frames of a command, written as they come.
    ///
    /// - Parameter write: finishes the body itself.
    static func frames(
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        let body = ResponseBody { writer in try await write(&writer) }
        return Response(status: .ok, headers: headers("application/octet-stream"), body: body)
    }

    /// A file, written as it is read; finished when all of it was.
    static func bytes(_ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void) -> Response {
        let body = ResponseBody { writer in
            try await write(&writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers("application/octet-stream"), body: body)
    }

    private static func headers(_ contentType: String, location: String? = nil) -> HTTPFields {
        var headers: HTTPFields = [
            .contentType: contentType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        if let location { headers[.location] = location }
        return headers
    }
}

/// Writes lines to a response.
struct LineWriter {
    private var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    /// - Throws: when the client is gone.
    mutating func write(_ value: some Encodable) async throws {
        try await write(line: [UInt8](try WireJSON.encode(value)))
    }

    mutating func write(line: [UInt8]) async throws {
        try await writer.write(ByteBuffer(bytes: line + [UInt8(ascii: "\n")]))
    }

    /// Several lines, sent together.
    mutating func write(_ values: [some Encodable]) async throws {
        guard !values.isEmpty else { return }
        var bytes = ByteBuffer()
        for value in values {
            bytes.writeBytes(try WireJSON.encode(value))
            bytes.writeInteger(UInt8(ascii: "\n"))
        }
        try await writer.write(bytes)
    }

    /// A sign of life.
    mutating func heartbeat() async throws { try await writer.write(ByteBuffer(bytes: [UInt8(ascii: "\n")])) }

    consuming func finish() async throws { try await writer.finish(nil) }
}

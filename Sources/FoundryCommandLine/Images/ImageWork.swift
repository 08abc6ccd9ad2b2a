import FoundryClient
import FoundryModel
import SystemPackage

/// Brings images to the platform, and takes them away.
public struct ImageWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat

    public init(_ api: FoundryAPI, console: Console, format: OutputFormat) {
        self.api = api
        self.console = console
        self.format = format
    }

    public func pull(_ reference: String, login: RegistryPassword?) async throws {
        let arrival = try await api.pullImage(
            ImagePullBody(reference: reference, username: login?.username, password: login?.password))
        try console.show(arrival, as: format) { ArrivalView(arrival).lines(on: console.output) }
    }

    /// - Parameter name: nil: the file's, without what follows its first dot.
    public func take(_ file: String, name: String?) async throws {
        let upload = try await send(file)
        let arrival = try await api.importImage(ImageImportBody(upload: upload, name: name ?? Self.name(of: file)))
        try console.show(arrival, as: format) { ArrivalView(arrival).lines(on: console.output) }
    }

    public func remove(_ name: String) async throws {
        let removal = try await api.removeImage(name)
        try console.show(removal, as: format) {
            ["\(DisplayText.harmless(removal.name)) is gone; \(ByteCount(bytes: removal.freed)) came free."]
        }
    }

    static func name(of file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? file
        return String(last.prefix { $0 != "." }).lowercased()
    }

    /// - Returns: the upload that holds the file.
    func send(_ path: String) async throws -> String {
        let file: FileDescriptor
        do { file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) } catch {
            throw FoundryError(.badRequest, "\(path) cannot be read: \(error).")
        }
        let upload: String
        do {
            upload = try await api.beginUpload()
            try await send(file, to: upload)
        } catch {
            try? file.close()
            throw error
        }
        try file.close()
        return upload
    }

    private func send(_ file: FileDescriptor, to upload: String) async throws {
        var offset: Int64 = 0
        while true {
            let part = try Self.read(file)
            guard !part.isEmpty else { return }
            try await api.upload(part, to: upload, at: offset)
            offset += Int64(part.count)
        }
    }

    /// - Returns: as much as one part takes; nothing at the file's end.
    private static func read(_ file: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < FoundryAPI.uploadPart {
            let part = try [UInt8](unsafeUninitializedCapacity: FoundryAPI.uploadPart - bytes.count) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }
}

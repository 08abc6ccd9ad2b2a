import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ImageCopy {
    private static let longest = 64 << 10

    /// What an image says of its health, for its entry in the index: the copy of an image of Docker's format no longer says it.
    ///
    /// - Returns: JSON; nil where nothing is said, or nothing was lost.
    func healthCheck(
        of source: Source, name: String, credentials: String?, limit: Duration
    ) async throws(FoundryError) -> String? {
        var options: [String] = []
        switch source {
        case .ociArchive: return nil
        case .dockerArchive: break
        case .registry(_, let allowsPlainHTTP):
            options = ["--tls-verify=\(!allowsPlainHTTP)"] + (credentials.map { ["--authfile", $0] } ?? [])
        }
        let output = try await inspect(["inspect", "--config", "--raw"] + options + [source.words], limit: limit)
        guard output.exitCode == 0 else {
            if case .registry = source { throw RegistryFailure.error(name, output.standardError) }
            throw RegistryFailure.archive(name, output.standardError)
        }
        do {
            let image = try JSONDecoder().decode(DockerHealthCheck.Image.self, from: Data(output.standardOutput.utf8))
            guard let said = image.config?.health else { return nil }
            let text = String(decoding: try JSONEncoder().encode(said), as: UTF8.self)
            guard text.utf8.count <= Self.longest else {
                throw FoundryError(.imageUnsupported, "The image \(name) has a health check that is too long.")
            }
            return text
        } catch let error as FoundryError {
            throw error
        } catch {
            throw FoundryError(
                .imageUnsupported, "The configuration of \(name) cannot be read.", detail: "\(error)",
                hint: "push the image to its registry again")
        }
    }
}

import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Builds images of Debian packages with `script/images`, which lies in the tree that the platform was built from.
public enum ImageBuilder {
    private static let limit = Duration.seconds(1800)

    /// - Parameter body: gets the archive, and the name that the build gave the image. The archive is removed afterwards.
    /// - Throws: `machine_unfit` when there is no builder here; `command_failed` with its words; what the body throws.
    public static func build(
        _ directory: String, _ body: @escaping @Sendable (_ archive: String, _ name: String) async throws -> Void
    ) async throws {
        let builder = try find()
        try await Scratch.with("build") { place in
            let archive = "\(place)/image.tar"
            let output = try await Command().result(
                builder, ["--service", directory, "--archive", archive], environment: ["TMPDIR": place], limit: limit)
            guard output.exitCode == 0 else { throw failure(directory, output.standardError) }
            try await body(archive, try await name(in: archive))
        }
    }

    /// Beside the program that runs: the tree that it was built in. `FOUNDRY_IMAGE_BUILDER` names another one.
    private static func find() throws(FoundryError) -> String {
        if let chosen = ProcessInfo.processInfo.environment["FOUNDRY_IMAGE_BUILDER"], !chosen.isEmpty { return chosen }
        if let builder = ProgramTree.find("script/images") { return builder }
        throw FoundryError(
            .machineUnfit, "The builder of images is not on this machine.",
            hint: "run it where the platform was built: script/images --service DIR --archive FILE")
    }

    /// The builder's own words: what is wrong, and what to do.
    private static func failure(_ directory: String, _ words: String) -> FoundryError {
        let lines = words.split(separator: "\n").map(String.init)
        let said = { (mark: String) in
            lines.last { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
        }
        return FoundryError(
            .commandFailed, said("error: ") ?? "The build of \(directory) failed.",
            detail: lines.suffix(5).joined(separator: "; "), hint: said("hint: ") ?? "script/images --help")
    }

    private static func name(in archive: String) async throws -> String {
        struct Index: Decodable {
            struct Entry: Decodable { var annotations: [String: String] }
            var manifests: [Entry]
        }
        let text = try await Command().run("tar", ["--extract", "--to-stdout", "--file", archive, "index.json"])
        let index = try JSONDecoder().decode(Index.self, from: Data(text.utf8))
        guard let name = index.manifests.first?.annotations["org.opencontainers.image.ref.name"] else {
            throw FoundryError(.commandFailed, "The build named no image.", detail: String(text.prefix(400)))
        }
        return name
    }
}

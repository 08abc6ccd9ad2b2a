import FoundryClient
import FoundryModel

/// The images that lie here, and which short names mean which of them.
public struct ImagesView {
    private let images: [ImageSummary]
    private let aliases: [AliasSummary]

    public init(_ images: [ImageSummary], aliases: [AliasSummary]) {
        self.images = images
        self.aliases = aliases
    }

    public func lines(on terminal: Terminal) -> [String] {
        var lines = images.isEmpty ? ["No images lie on this machine."] : table.lines(on: terminal)
        if !aliases.isEmpty { lines += [""] + aliases.map { line($0, on: terminal) } }
        return lines
    }

    private var table: Table {
        var table = Table([
            .init("image", isFlexible: true), .init("source"), .init("engine"), .init("size", .right), .init("ports"),
            .init("keeps data in"),
            .init("digest"),
        ])
        for image in images {
            table.add([
                .init(image.name, .strong), .init(image.source),
                .init(EngineText.of(image.engine, image.version) ?? "-"),
                .init(ByteCount(bytes: image.size).description),
                .init(image.ports.isEmpty ? "-" : image.ports.map(String.init).joined(separator: ", ")),
                .init(image.volumes.isEmpty ? "-" : image.volumes.joined(separator: ", ")),
                .init(String(image.digest.dropFirst(7).prefix(12))),
            ])
        }
        return table
    }

    /// `mysql/mysql -> mariadb:10.11 (bundled, MariaDB 10.11.19)`
    private func line(_ alias: AliasSummary, on terminal: Terminal) -> String {
        let width = aliases.reduce(0) { max($0, DisplayText.width($1.alias)) }
        let source = alias.isPresent ? images.first { $0.name == alias.name }?.source ?? "present" : "not here"
        let state = [source, EngineText.of(alias.engine, alias.version)].compactMap { $0 }.joined(separator: ", ")
        let style: TextStyle = alias.isPresent ? .faint : .warning
        return
            "\(DisplayText.padded(DisplayText.harmless(alias.alias), to: width)) -> \(DisplayText.harmless(alias.name)) "
            + style.applied(to: "(\(DisplayText.harmless(state)))", on: terminal)
    }
}

/// `MariaDB 10.11.19`
enum EngineText {
    /// - Returns: nil when nothing is known of it.
    static func of(_ engine: String?, _ version: String?) -> String? {
        let parts = [engine, version].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}

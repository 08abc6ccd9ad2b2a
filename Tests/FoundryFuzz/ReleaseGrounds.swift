import FoundryModel
import FoundryRules

@testable import FoundryReleases

/// What authors of releases wrote, and what came as an archive of theirs.
enum ReleaseGrounds {
    static func release(_ bytes: [UInt8]) {
        let choice = Choice(bytes)
        switch choice.name {
        case "template": template(choice.text)
        case "tar": archive(choice.rest)
        case "checksums": checksums(choice.rest)
        case "trust": if let authors = TrustedAuthors(parsing: choice.text) { trust(authors) }
        default: manifest(choice.rest)
        }
    }

    private static func manifest(_ bytes: [UInt8]) {
        let program = ReleaseFiles.File(bytes: Array("#!/bin/sh\n".utf8), size: 10, isExecutable: true)
        var files = ["release.yml": ReleaseFiles.File(bytes: bytes, size: Int64(bytes.count), isExecutable: false)]
        for verb in ["start", "bind", "unbind", "alive"] { files["verbs/\(verb)"] = program }
        let finding = ReleaseReader.read(ReleaseFiles(files: files, directory: "/none"))
        demand(finding.mistakes.isEmpty == (finding.manifest != nil), "mistakes and a manifest, or neither")
    }

    private static func template(_ text: String) {
        guard let template = try? Template(text, name: "t") else { return }
        let values = TemplateValues(
            texts: ["name": "x"], flags: ["flag": true], lists: ["list": [TemplateValues(), TemplateValues()]])
        guard let output = try? template.render(values) else { return }
        demand(output.utf8.count <= Template.mostRenderedBytes, "more comes out than may")
    }

    private static func archive(_ bytes: [UInt8]) {
        let judge = ArchiveJudge()
        var stream = TarStream { event in
            if case .file(let header) = event { demand(ReleaseFiles.isPath(header.path), "a name that is not plain") }
            try judge.take(event)
        }
        guard (try? stream.take(bytes[...])) != nil, (try? stream.finish()) != nil else { return }
        _ = try? judge.verdict()
    }

    private static func checksums(_ bytes: [UInt8]) {
        guard let sums = try? ReleaseSeal.read(checksums: bytes) else { return }
        demand((try? ReleaseSeal.read(checksums: Array(ReleaseSeal.checksums(sums).utf8))) == sums, "other checksums")
    }

    private static func trust(_ authors: TrustedAuthors) {
        demand(TrustedAuthors(parsing: authors.text) == authors, "trust changes when it is written")
    }
}

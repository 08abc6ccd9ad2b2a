import FoundryEffects
import FoundryModel

/// What an archive holds, looked at before anything of it is unpacked.
struct ArchiveListing: Sendable {
    private static let mostEntries = 10_000
    private static let beyondMeasure: Int64 = 1 << 50

    /// An OCI layout, which is unpacked; Docker's are read where they lie.
    let isLayout: Bool
    /// Of all files, unpacked.
    let size: ByteCount

    /// - Throws: `image_unsupported` for what is no archive, and for what no archive of an image holds; `timed_out`.
    init(of file: String, name: String, limit: Duration) async throws(FoundryError) {
        let output = try await Command().result(
            "tar", ["--list", "--verbose", "--numeric-owner", "--quoting-style=escape", "--file", file], limit: limit)
        guard output.exitCode == 0 else { throw RegistryFailure.archive(name, output.standardError) }
        self = try Self(lines: output.standardOutput, name: name)
    }

    /// - Parameter lines: as GNU tar lists: `-rw-r--r-- 0/0 10240 1970-01-01 00:00 blobs/sha256/…`
    init(lines: String, name: String) throws(FoundryError) {
        let refuse = { (why: String) in
            FoundryError(
                .imageUnsupported, "\(name) is no archive that is taken in: \(why).",
                hint: "skopeo copy SOURCE oci-archive:FILE, or docker save --output FILE IMAGE (not packed with gzip)")
        }
        var (size, names, links): (Int64, [Substring], Bool) = (0, [], false)
        for line in lines.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 5)
            guard words.count == 6, let bytes = Int64(words[2]), let kind = line.first else {
                throw refuse("it holds a device, or what nobody knows")
            }
            guard "-dlh".contains(kind) else { throw refuse("it holds a device or a pipe") }
            let path = words[5]
            guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") || kind == "l" || kind == "h" else {
                throw refuse("a name in it leads out of it")
            }
            if kind == "l" || kind == "h" { links = true }
            size += max(0, min(bytes, Self.beyondMeasure))
            guard size < Self.beyondMeasure else { throw refuse("its sizes are beyond measure") }
            names.append(path.hasPrefix("./") ? path.dropFirst(2) : path)
            guard names.count <= Self.mostEntries else { throw refuse("it has more than \(Self.mostEntries) entries") }
        }
        isLayout = names.contains("oci-layout")
        guard isLayout || names.contains("manifest.json") else { throw refuse("it holds no image") }
        guard !isLayout || !links else { throw refuse("it holds a link") }
        self.size = ByteCount(bytes: size)
    }
}

/// What of ours reads bytes that others wrote. Each ground gives any bytes at all to one kind of reader.
///
/// A reader may refuse what it is given, with an error. It must not trap, and what it took it must stand by: `demand` says what.
public enum FuzzGround: String, CaseIterable, Sendable {
    // From users.
    case manifest
    case bodies
    case requestHead = "request-head"
    case values
    case execFrames = "exec-frames"
    // From registries and archives.
    case imageReference = "image-reference"
    case imageDocuments = "image-documents"
    case archiveListing = "archive-listing"
    // From disks.
    case labels
    case records
    case configuration
    // From programs and the kernel.
    case memberLog = "member-log"
    case containerAnswers = "container-answers"
    case proxyAnswers = "proxy-answers"
    case kernelTables = "kernel-tables"
    // From cells and routers.
    case reports
    // From authors of releases.
    case release

    public func run(_ bytes: [UInt8]) {
        switch self {
        case .manifest: RequestGrounds.manifest(bytes)
        case .bodies: RequestGrounds.bodies(bytes)
        case .requestHead: RequestGrounds.head(bytes)
        case .values: ValueGrounds.values(bytes)
        case .execFrames: ValueGrounds.frames(bytes)
        case .imageReference: ImageGrounds.reference(bytes)
        case .imageDocuments: ImageGrounds.documents(bytes)
        case .archiveListing: ImageGrounds.listing(bytes)
        case .labels: DiskGrounds.labels(bytes)
        case .records: DiskGrounds.records(bytes)
        case .configuration: DiskGrounds.configuration(bytes)
        case .memberLog: ProgramGrounds.log(bytes)
        case .containerAnswers: ProgramGrounds.container(bytes)
        case .proxyAnswers: ProgramGrounds.proxy(bytes)
        case .kernelTables: ProgramGrounds.kernel(bytes)
        case .reports: ReportGrounds.reports(bytes)
        case .release: ReleaseGrounds.release(bytes)
        }
    }
}

/// What must hold of a reader's answer. Ends the process if it does not: libFuzzer keeps the bytes then.
func demand(_ isSo: @autoclosure () -> Bool, _ words: @autoclosure () -> String) {
    if !isSo() { fatalError(words()) }
}

/// Bytes that were taken apart: the first line says which of several readers gets the rest.
struct Choice {
    let name: String
    let rest: [UInt8]

    init(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        name = String(decoding: parts[0], as: UTF8.self)
        rest = parts.count > 1 ? Array(parts[1]) : []
    }

    var text: String { String(decoding: rest, as: UTF8.self) }
}

import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc

/// Decompressor, tar and digest at work on one layer.
///
/// A layer is somebody else's bytes, so none of the programs that read it can do harm: each sees a read-only root file system without
/// devices, and can write nothing but the layer's own directory. tar makes no device nodes (it may not), restores no extended attributes (an
/// overlay's own could redirect it), and refuses members that lead out. What a layer has in `/dev` is left out: a member gets its own.
struct LayerPipeline {
    let layer: ImageLayer
    let blob: String
    let directory: String
    let image: String
    /// Uncompressed; past it the work ends, so that a few bytes of a registry never fill the machine.
    let largest: ByteCount
    let room: ByteCount

    /// - Returns: the SHA-256 of the uncompressed layer, in hexadecimal digits.
    func run(limit: Duration) throws(FoundryError) -> String {
        let deadline = SystemClock.monotonic() + Int64(limit.components.seconds * 1000)
        var content = try Pipe()
        var toTar = try Pipe()
        var toDigest = try Pipe()
        var fromDigest = try Pipe()
        var messages = try Pipe()
        // What tar has to say beyond one full pipe is lost; it must not wait for us to read it.
        _ = fcntl(messages.writer, F_SETFL, O_NONBLOCK)
        let input = try SystemCall.check(open(blob, O_RDONLY | O_CLOEXEC), "open \(blob)")
        defer { close(input) }
        var children: [ChildProcess] = []
        defer {
            for child in children {
                child.kill()
                _ = child.wait()
            }
        }
        children.append(try start(decompressor(), input: input, output: content.writer, error: messages.writer))
        children.append(try start(Self.tar, input: toTar.reader, output: -1, error: messages.writer))
        children.append(try start(["sha256sum"], input: toDigest.reader, output: fromDigest.writer, error: -1))
        content.closeWriter()
        toTar.closeReader()
        toDigest.closeReader()
        fromDigest.closeWriter()
        messages.closeWriter()

        let pump = LayerPump(source: content.reader, sinks: [toTar.writer, toDigest.writer], deadline: deadline)
        let outcome = pump.run(atMost: min(largest, room))
        content.closeReader()
        toTar.closeWriter()
        toDigest.closeWriter()
        guard case .ended = outcome else { throw problem(outcome, "") }
        let words = PipeReader(messages.reader, deadline: deadline).text()
        let digest = PipeReader(fromDigest.reader, deadline: deadline).text()
        let codes = children.map { $0.wait() }
        children = []
        guard codes.allSatisfy({ $0 == 0 }) else { throw problem(outcome, "exit codes \(codes): \(words.suffix(600))") }
        return String(digest.prefix(64))
    }

    private static let tar = [
        "tar", "--extract", "--file=-", "--numeric-owner", "--same-owner", "--same-permissions", "--no-acls",
        "--no-selinux", "--no-xattrs",
        "--delay-directory-restore", "--warning=no-timestamp", "--anchored", "--exclude=./dev/?*", "--exclude=dev/?*",
        "--exclude=/dev/?*",
    ]

    private func decompressor() throws(FoundryError) -> [String] {
        let type = layer.mediaType
        if type.hasSuffix("+zstd") { return ["zstd", "--decompress", "--stdout", "--quiet"] }
        if type.hasSuffix("gzip") { return ["gzip", "--decompress", "--stdout", "--quiet"] }
        if type.hasSuffix(".tar") { return ["cat"] }
        throw FoundryError(.imageUnsupported, "A layer of \(image) has the unknown type \(type).")
    }

    private func start(
        _ words: [String], input: Int32, output: Int32, error: Int32
    ) throws(FoundryError) -> ChildProcess {
        let request = ChildProcess.Request(
            program: try ProgramPath.require(words[0]), arguments: Array(words.dropFirst()), input: input,
            output: output,
            error: error)
        return try ChildProcess.start(request, confinedTo: directory)
    }

    private func problem(_ outcome: PipeReader.Outcome, _ detail: String) -> FoundryError {
        switch outcome {
        case .ended:
            FoundryError(
                .imageUnsupported, "A layer of \(image) cannot be unpacked.", detail: "\(layer.digest): \(detail)")
        case .tooLarge where room < largest:
            FoundryError(
                .diskFull, "The machine has no room for a layer of \(image): \(room) are free for it.",
                detail: layer.digest, hint: "`foundry image rm NAME` frees some; `foundry images` lists what is here")
        case .tooLarge:
            FoundryError(
                .imageUnsupported, "A layer of \(image) unpacks to more than \(largest).", detail: layer.digest,
                hint: "its layers are too large for this platform")
        case .late: FoundryError(.timedOut, "Unpacking \(image) took too long.", detail: layer.digest)
        }
    }
}

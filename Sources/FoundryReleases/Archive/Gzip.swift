import FoundryEffects
import FoundryModel
import SystemPackage

/// Unpacks gzip by its own program. What comes out goes on as it comes, so a limit stops it at once.
enum Gzip {
    struct Malformed: Error {}

    /// An archive of the largest size, from a slow disk.
    private static let longest = Duration.seconds(600)
    /// More than the entries of an archive have, with all that stands between them: those have limits of their own.
    private static let largest = ByteCount(bytes: ReleaseLimits.mostImageBytes * 2)

    /// Bytes behind the packed ones are refused; another packed part is more of the same output.
    ///
    /// - Parameter file: open at its beginning.
    /// - Throws: `Malformed`; `release_invalid` when too much comes out; `timed_out`; what `sink` throws.
    static func unpack(
        _ file: FileDescriptor, atMost limit: ByteCount = largest, within time: Duration = longest,
        into sink: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        let deadline = SystemClock.monotonic() + Int64(time / .milliseconds(1))
        var output = try Pipe()
        let program = try ChildProcess.start(
            .init(
                program: try ProgramPath.require("gzip"), arguments: ["--decompress", "--stdout", "--quiet"],
                input: file.rawValue, output: output.writer))
        output.closeWriter()
        var code: Int32?
        defer {
            if code == nil {
                program.kill()
                _ = program.wait()
            }
        }
        let reader = PipeReader(output.reader, deadline: deadline)
        switch try reader.run(
            atMost: limit,
            {
                try sink($0); return true
            })
        {
        case .ended: break
        case .tooLarge: throw TarStream.refused("unpacks to more than \(limit)")
        case .late: throw FoundryError(.timedOut, "Unpacking the archive took longer than \(time).", hint: "try again")
        }
        code = program.wait()
        guard code == 0 else { throw Malformed() }
    }
}

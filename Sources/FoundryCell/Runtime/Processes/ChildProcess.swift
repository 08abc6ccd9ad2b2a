import CFoundryLinux
import FoundryModel
import Glibc

/// A program of ours whose pipes we hold; `Command` runs all others.
struct ChildProcess {
    let pid: Int32

    struct Request {
        var program: String
        var arguments: [String]
        /// `NAME=value`; nothing is inherited.
        var environment: [String] = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
        var input: Int32 = -1
        var output: Int32 = -1
        var error: Int32 = -1
        /// Descriptor 3.
        var extra: Int32 = -1
        /// Where it begins to work.
        var directory = "/"
    }

    /// - Parameter directory: the only one that it can write to, and its working directory; the child has no network, no devices and hardly a privilege.
    ///   nil: as privileged as we are.
    static func start(_ request: Request, confinedTo directory: String? = nil) throws(FoundryError) -> ChildProcess {
        var arguments = ([request.program] + request.arguments).map { strdup($0) } + [nil]
        var environment = request.environment.map { strdup($0) } + [nil]
        defer { for text in arguments + environment { free(text) } }
        let workplace = strdup(request.directory)
        defer { free(workplace) }
        let pid = request.program.withCString { program in
            arguments.withUnsafeMutableBufferPointer { arguments in
                environment.withUnsafeMutableBufferPointer { environment in
                    var child = foundry_child_request(
                        program: program, arguments: arguments.baseAddress, environment: environment.baseAddress,
                        descriptors: (request.input, request.output, request.error, request.extra), directory: workplace
                    )
                    return directory.map { foundry_child_start_confined(&child, $0) } ?? foundry_child_start(&child)
                }
            }
        }
        try SystemCall.check(pid, "start \(request.program)", codes: [.noSuchFileOrDirectory: .machineUnfit])
        return ChildProcess(pid: pid)
    }

    /// Blocks until it ended.
    ///
    /// - Returns: its exit code, or 128 and the number of the signal that ended it.
    func wait() -> Int32 { foundry_child_wait(pid) }

    func kill() { _ = Glibc.kill(pid, SIGKILL) }
}

/// The two ends of a pipe; an end that was handed on or closed is -1.
struct Pipe: ~Copyable {
    private(set) var reader: Int32 = -1
    private(set) var writer: Int32 = -1

    init() throws(FoundryError) { try SystemCall.check(foundry_pipe(&reader, &writer), "make a pipe") }

    deinit {
        if reader >= 0 { close(reader) }
        if writer >= 0 { close(writer) }
    }

    mutating func closeReader() {
        if reader >= 0 { close(reader) }
        reader = -1
    }

    mutating func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }
}

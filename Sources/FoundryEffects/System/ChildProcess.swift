import CFoundryLinux
import FoundryModel
import Glibc

/// A program of ours whose pipes we hold; `Command` runs all others.
public struct ChildProcess: Sendable {
    public let pid: Int32

    public struct Request: Sendable {
        public var program: String
        public var arguments: [String]
        /// `NAME=value`; nothing is inherited.
        public var environment: [String] = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
        ]
        public var input: Int32 = -1
        public var output: Int32 = -1
        public var error: Int32 = -1
        /// Descriptor 3.
        public var extra: Int32 = -1
        /// Where it begins to work.
        public var directory = "/"

        public init(
            program: String, arguments: [String], input: Int32 = -1, output: Int32 = -1, error: Int32 = -1
        ) {
            self.program = program
            self.arguments = arguments
            self.input = input
            self.output = output
            self.error = error
        }
    }

    /// - Parameter directory: the only one that it can write to, and its working directory; the child has no network, no devices and hardly a privilege.
    ///   nil: as privileged as we are.
    public static func start(
        _ request: Request, confinedTo directory: String? = nil
    ) throws(FoundryError) -> ChildProcess {
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
    public func wait() -> Int32 { foundry_child_wait(pid) }

    public func kill() { _ = Glibc.kill(pid, SIGKILL) }
}

/// The two ends of a pipe; an end that was handed on or closed is -1.
public struct Pipe: ~Copyable {
    public private(set) var reader: Int32 = -1
    public private(set) var writer: Int32 = -1

    public init() throws(FoundryError) { try SystemCall.check(foundry_pipe(&reader, &writer), "make a pipe") }

    deinit {
        if reader >= 0 { close(reader) }
        if writer >= 0 { close(writer) }
    }

    public mutating func closeReader() {
        if reader >= 0 { close(reader) }
        reader = -1
    }

    public mutating func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }
}

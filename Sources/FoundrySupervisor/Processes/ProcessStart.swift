import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Starts long-lived programs: each leads a session of its own, has its output in a file, and inherits no descriptor.
struct ProcessStart {
    /// The program's absolute path, and its arguments.
    var command: [String]
    var output: FileDescriptor
    /// Written by the new process before the program begins.
    var pidFile: String?
    /// Not our child.
    var isDetached = false

    /// - Returns: the process id.
    /// - Throws: `command_failed` when it cannot be executed.
    func run() throws(FoundryError) -> Int32 {
        let environment = ProcessInfo.processInfo.environment.merging(["PATH": ProgramPath.variable]) { _, own in own }
        let result = Self.withStrings(command) { arguments in
            Self.withStrings(environment.map { "\($0)=\($1)" }) { environment in
                Self.withString(pidFile) { pidFile in
                    ProcessIdentity.bootID.withCString { bootID in
                        var request = foundry_start_request(
                            program: arguments[0], arguments: arguments, environment: environment,
                            output: output.rawValue,
                            pid_file: pidFile, boot_id: bootID, detached: isDetached ? 1 : 0)
                        let pid = foundry_start(&request)
                        return (pid, pid < 0 ? foundry_errno() : 0)
                    }
                }
            }
        }
        guard result.0 > 0 else {
            throw FoundryError(
                .commandFailed, "\(command.first ?? "") could not be started.",
                detail: String(cString: strerror(result.1)))
        }
        return result.0
    }

    /// Runs a program to its end, its output in `output`.
    ///
    /// - Throws: `command_failed`; `timed_out`, after it was killed.
    func runToEnd(limitMilliseconds: Int64 = 10_000) throws(FoundryError) {
        let pid = try run()
        let handle = try ProcessHandle.child(pid)
        let hasEnded = handle.waitForEnd(milliseconds: limitMilliseconds)
        if !hasEnded { handle.signal(SIGKILL) }
        let end = Self.collect(pid)
        guard hasEnded else {
            throw FoundryError(.timedOut, "\(command[0]) did not end within \(limitMilliseconds) ms.")
        }
        try check(end)
    }

    /// Waits for a child that has ended, or is about to.
    static func collect(_ pid: Int32) -> ProcessEnd {
        var status: Int32 = 0
        var result: Int32
        repeat { result = waitpid(pid, &status, 0) } while result < 0 && errno == EINTR
        return result == pid ? ProcessEnd(waitStatus: status) : .unknown
    }

    private func check(_ end: ProcessEnd) throws(FoundryError) {
        guard end == .exited(0) else {
            throw FoundryError(.commandFailed, "\(command[0]) \(end).", detail: command.joined(separator: " "))
        }
    }

    private static func withStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an array that ends in nil is not empty") }
            return body(base)
        }
    }

    private static func withString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }
}

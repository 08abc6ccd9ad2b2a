import CFoundryLinux
import Foundation
import FoundryModel
import Testing

/// A command line at a terminal of the test's: what a person types, and sees.
final class TypedCommand {
    private let pid: Int32
    private let ours: Int32
    private let theirs: Int32
    private let before: termios
    private var seen = ""

    init(_ arguments: [String], _ environment: [String: String], _ size: (rows: UInt16, columns: UInt16)) throws {
        var (ours, theirs) = (Int32(-1), Int32(-1))
        guard foundry_terminal_make(&ours, &theirs) == 0, foundry_terminal_resize(ours, size.rows, size.columns) == 0
        else { throw Failure("there is no terminal") }
        (self.ours, self.theirs) = (ours, theirs)
        _ = fcntl(ours, F_SETFL, O_RDWR | O_NONBLOCK)
        var mode = termios()
        tcgetattr(theirs, &mode)
        before = mode
        let variables = environment.merging(["TERM": "xterm-256color", "PATH": "/usr/bin:/bin"]) { $1 }
        let words = ([TestPlatform.executable] + arguments).map { strdup($0) } + [nil]
        let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + settings { free(text) } }
        pid = words.withUnsafeBufferPointer { words in
            settings.withUnsafeBufferPointer { settings in
                TestPlatform.executable.withCString { program in
                    var request = foundry_child_request(
                        program: program, arguments: words.baseAddress, environment: settings.baseAddress,
                        descriptors: (theirs, theirs, theirs, -1), directory: nil)
                    return foundry_child_start(&request)
                }
            }
        }
        guard pid > 0 else { throw Failure("the command line cannot be started") }
    }

    deinit {
        close(ours)
        close(theirs)
    }

    /// Keys are handed on as they are pressed.
    var isRaw: Bool {
        var mode = termios()
        tcgetattr(theirs, &mode)
        return mode.c_lflag != before.c_lflag || mode.c_iflag != before.c_iflag || mode.c_oflag != before.c_oflag
    }

    func type(_ text: String) throws {
        guard write(ours, text, text.utf8.count) == text.utf8.count else { throw Failure("the terminal takes no more") }
    }

    func resize(_ rows: UInt16, _ columns: UInt16) throws {
        guard foundry_terminal_resize(ours, rows, columns) == 0 else { throw Failure("it cannot be resized") }
        signal(SIGWINCH)
    }

    func signal(_ number: Int32) { kill(pid, number) }

    /// What was shown by now has these words; they and what came before them are passed over.
    func shows(_ words: String) async -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(ours, &buffer, buffer.count), count > 0 {
            seen += String(decoding: buffer[..<count], as: UTF8.self)
        }
        guard let place = seen.range(of: words) else { return false }
        seen = String(seen[place.upperBound...])
        return true
    }

    func waits(for words: String) async throws {
        do { try await eventually("it shows '\(words)'", within: .seconds(15)) { await self.shows(words) } } catch {
            throw Failure("\(error), but '\(seen)'")
        }
    }

    /// - Returns: its exit code, or 128 and the number of the signal that ended it.
    func end() async throws -> Int32 {
        var status: Int32 = 0
        try await eventually("it ends") { waitpid(self.pid, &status, WNOHANG) == self.pid }
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }
}

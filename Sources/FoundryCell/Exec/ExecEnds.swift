import CFoundryLinux
import FoundryClient
import FoundryEffects
import FoundryModel
import Glibc

/// Both ends of what a command reads and writes: three pipes, or a terminal.
struct ExecEnds {
    /// Input, output, errors. Non-blocking; with a terminal the first two are copies, and there is no third.
    var ours: [Int32] = []
    var theirs: [Int32] = []

    init(_ terminal: ExecTerminal?) throws(FoundryError) {
        do throws(FoundryError) {
            if let terminal { try makeTerminal(terminal) } else { try makePipes() }
        } catch {
            closeTheirs()
            for descriptor in ours where descriptor >= 0 { close(descriptor) }
            throw error
        }
        for descriptor in ours where descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
    }

    func closeTheirs() { for descriptor in Set(theirs) { close(descriptor) } }

    private mutating func makePipes() throws(FoundryError) {
        for index in 0..<3 {
            var (reader, writer) = (Int32(-1), Int32(-1))
            try SystemCall.check(foundry_pipe(&reader, &writer), "make a pipe")
            ours.append(index == 0 ? writer : reader)
            theirs.append(index == 0 ? reader : writer)
        }
    }

    private mutating func makeTerminal(_ terminal: ExecTerminal) throws(FoundryError) {
        var (made, other) = (Int32(-1), Int32(-1))
        try SystemCall.check(foundry_terminal_make(&made, &other), "make a terminal")
        theirs = [other, other, other]
        ours = [made]
        ours = [try SystemCall.check(fcntl(made, F_DUPFD_CLOEXEC, 3), "copy a descriptor"), made, -1]
        try SystemCall.check(foundry_terminal_resize(made, terminal.rows, terminal.columns), "size a terminal")
    }
}

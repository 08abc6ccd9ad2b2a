import CFoundryLinux
import FoundryModel
import Glibc

/// This process's terminal, while a program elsewhere has it.
public enum RawTerminal {
    public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// nil when it is no terminal, or does not know.
    public static func size(of descriptor: Int32) -> TerminalSize? {
        var size = TerminalSize(rows: 0, columns: 0)
        guard foundry_terminal_size(descriptor, &size.rows, &size.columns) == 0, size.rows > 0, size.columns > 0 else {
            return nil
        }
        return size
    }

    /// From now on every key is handed on as it is pressed. The terminal is as before after `end`, and whatever else ends this process.
    public static func begin(_ descriptor: Int32) throws(FoundryError) {
        guard foundry_terminal_raw(descriptor) != 0 else { return }
        throw FoundryError(
            .internalError, "The terminal cannot be handed over.", detail: String(cString: strerror(foundry_errno())))
    }

    /// Nothing happens when it is as it was.
    public static func end() { foundry_terminal_restore() }

    /// A descriptor that is readable after the terminal's size changed; empty it by `forget`. One per process; -1 when there can be none.
    public static func changes() -> Int32 {
        let signal = SIGWINCH
        return withUnsafePointer(to: signal) { foundry_signal_pipe($0, 1) }
    }

    public static func forget(_ changes: Int32) {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(changes, &bytes, bytes.count) == bytes.count {}
    }
}

import FoundryEffects

/// The last words of a log, for the detail of an error.
public enum LogTail {
    /// - Returns: its last lines in one, at most 800 characters; empty when there is none.
    public static func of(_ path: String, lines: Int = 3) -> String {
        let text = ProcFile.read(path, fromEnd: true) ?? ""
        return String(text.split(separator: "\n").suffix(lines).joined(separator: "; ").suffix(800))
    }
}

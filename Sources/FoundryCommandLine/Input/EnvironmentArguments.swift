import FoundryModel

/// Variables for an app, from `--env` and from files of `--env-file`.
///
/// Both read `NAME=value`; `NAME` alone takes the value of this process's own variable, which keeps a secret out of
/// the argument list. In a file a line that is empty or begins with `#` means nothing, and a value is taken as it is, quotes included.
///
/// - Source: the format of Docker's `--env-file`.
public enum EnvironmentArguments {
    public static let longestFileBytes = 1 << 20

    /// - Parameter files: the name and the text of each file, in order. Later ones win, `--env` wins over all.
    /// - Parameter own: the value of a variable of this process.
    /// - Throws: `environment_invalid`, with the file and line where it is.
    public static func parse(
        _ assignments: [String], files: [(name: String, text: String)] = [], own: (String) -> String?
    ) throws(FoundryError) -> [String: String] {
        var variables: [String: String] = [:]
        for (name, text) in files {
            for (index, line) in TextLines.of(text).enumerated() {
                let line = line.hasSuffix("\r") ? String(line.dropLast()) : line
                if line.allSatisfy(\.isWhitespace) || line.first == "#" { continue }
                try add(line, at: "\(name):\(index + 1)", to: &variables, own)
            }
        }
        for assignment in assignments { try add(assignment, at: "--env", to: &variables, own) }
        return variables
    }

    private static func add(
        _ assignment: String, at place: String, to variables: inout [String: String], _ own: (String) -> String?
    ) throws(FoundryError) {
        let bytes = assignment.utf8
        let equals = bytes.firstIndex(of: 0x3d)
        let name = String(assignment[..<(equals ?? bytes.endIndex)])
        guard isName(name) else {
            // The text itself may be a secret that was put in the wrong place, so it is not repeated.
            throw FoundryError(
                .environmentInvalid,
                "\(place): a variable is written NAME=value, and NAME has letters, digits and underscores only.",
                hint: "foundry push redis --env REDIS_MAXMEMORY=64mb")
        }
        if let equals {
            variables[name] = String(assignment[bytes.index(after: equals)...])
        } else if let value = own(name) {
            variables[name] = value
        } else {
            throw FoundryError(
                .environmentInvalid, "\(place): \(name) has no value here, and is not set in this shell.",
                hint: "write \(name)=value, or export \(name) first")
        }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f
        }
    }
}

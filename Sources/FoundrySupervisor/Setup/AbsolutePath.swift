import Glibc

/// Paths as everything of ours compares them: absolute, without links in what exists of them.
public enum AbsolutePath {
    /// - Parameter path: as a person writes it.
    public static func of(_ path: String) -> String {
        let full = path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)"
        var parts: [Substring] = []
        for part in full.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        // What does not exist yet has no links.
        for count in stride(from: parts.count, through: 0, by: -1) {
            guard let resolved = realpath("/" + parts.prefix(count).joined(separator: "/"), nil) else { continue }
            defer { free(resolved) }
            let base = String(cString: resolved)
            let rest = parts.dropFirst(count).map { "/\($0)" }.joined()
            return base == "/" && !rest.isEmpty ? rest : base + rest
        }
        return "/" + parts.joined(separator: "/")
    }

    public static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}

/// What is wrong with a release, and where.
public struct ReleaseMistake: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// In the release's directory.
    public var file: String
    /// From 1; nil: the whole file.
    public var line: Int?
    public var message: String

    public init(_ file: String, line: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// `release.yml:12: plans.small.disk: '1X' is not a size; 512M, 2G`
    public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }

    public static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line ?? 0, left.message) < (right.file, right.line ?? 0, right.message)
    }
}

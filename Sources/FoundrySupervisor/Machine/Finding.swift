/// What a look at the machine found, and what follows from it.
public struct Finding: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
        case ok
        /// Something works less well, or one feature does not.
        case degraded
        case missing
    }

    /// `cgroup freezer`
    public var check: String
    public var state: State
    /// What is there: a version, a number, the words of a failed try.
    public var found: String
    /// In words, what that means; nil when everything is well.
    public var consequence: String?
    /// A command, or what else to do.
    public var remedy: String?
    /// Without it the platform does not run.
    public var isNecessary: Bool

    public init(
        _ check: String, _ state: State, found: String, consequence: String? = nil, remedy: String? = nil,
        isNecessary: Bool = false
    ) {
        self.check = check
        self.state = state
        self.found = found
        self.consequence = consequence
        self.remedy = remedy
        self.isNecessary = isNecessary
    }

    static func necessary(_ check: String, _ isThere: Bool, found: String, consequence: String, remedy: String?) -> Self
    {
        Self(
            check, isThere ? .ok : .missing, found: found, consequence: isThere ? nil : consequence,
            remedy: isThere ? nil : remedy,
            isNecessary: true)
    }

    /// Stops the platform from running.
    public var isFatal: Bool { isNecessary && state == .missing }
}

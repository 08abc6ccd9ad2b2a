/// `GET /foundry/v1/apps/:guid/why`: why the app is as it is, in words.
public struct WhyAnswer: Hashable, Sendable, Codable {
    public var guid: String
    public var name: String
    /// The most important first.
    public var lines: [Line]

    public struct Line: Hashable, Sendable, Codable {
        public var text: String
        /// The command that helps.
        public var hint: String?

        public init(text: String, hint: String? = nil) {
            self.text = text
            self.hint = hint
        }
    }

    public init(guid: String, name: String, lines: [Line]) {
        self.guid = guid
        self.name = name
        self.lines = lines
    }
}

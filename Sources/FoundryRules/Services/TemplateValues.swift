/// What a template's names stand for. A name is looked up in the innermost section first.
public struct TemplateValues: Hashable, Sendable {
    public var texts: [String: String]
    public var flags: [String: Bool]
    public var lists: [String: [TemplateValues]]

    public init(texts: [String: String] = [:], flags: [String: Bool] = [:], lists: [String: [TemplateValues]] = [:]) {
        self.texts = texts
        self.flags = flags
        self.lists = lists
    }

    enum Value {
        case text(String)
        case flag(Bool)
        case list([TemplateValues])
    }

    func value(_ name: String) -> Value? {
        if let text = texts[name] { return .text(text) }
        if let flag = flags[name] { return .flag(flag) }
        return lists[name].map(Value.list)
    }
}

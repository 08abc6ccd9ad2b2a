import FoundryClient
import FoundryModel

/// The keys of an instance as a table.
public struct ServiceKeysView {
    private let keys: [ServiceBindingSummary]
    private let service: String
    private let now: Timestamp

    public init(_ keys: [ServiceBindingSummary], of service: String, now: Timestamp) {
        self.keys = keys
        self.service = service
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if keys.isEmpty { return ["\(service) has no keys. `foundry create-service-key \(service) NAME` makes one."] }
        var table = Table([.init("name"), .init("state"), .init("made"), .init("ends")])
        for key in keys {
            table.add([
                .init(key.name ?? "-", .strong), .init(key.state, key.state == "failed" ? .bad : .plain),
                .init(AgeText.since(key.createdAt.timestamp, now: now) + " ago"),
                .init(key.retiresAt.map { "in \(AgeText.of(milliseconds: $0.timestamp - now))" } ?? "never"),
            ])
        }
        return table.lines(on: terminal)
    }
}

/// The credentials of a key. What is secret is shown only when it was asked for.
public struct ServiceKeyView {
    private static let secretWords = ["password", "secret", "token", "key"]

    private let credentials: [String: WireValue]
    private let showsPassword: Bool

    public init(_ credentials: [String: WireValue], showsPassword: Bool) {
        self.credentials = credentials
        self.showsPassword = showsPassword
    }

    public func lines(on terminal: Terminal) -> [String] {
        var fields = FieldList()
        var isHidden = false
        for (name, value) in credentials.sorted(by: { $0.key < $1.key }) {
            let text = value.plainText ?? "a list or an object: --output json prints it"
            if text.hasPrefix("-----BEGIN ") {
                fields.add(name, .init("PEM: --output json prints it", .faint))
            } else if !showsPassword, isSecret(name, text) {
                isHidden = true
                fields.add(name, .init("not shown", .faint))
            } else {
                fields.add(name, .init(text))
            }
        }
        let lines = fields.lines(on: terminal)
        if lines.isEmpty { return ["It has no credentials."] }
        return lines + (isHidden ? ["", "--show-password prints what is secret, --output json prints all."] : [])
    }

    /// By its name, or since it holds what is secret by its name, or a login.
    private func isSecret(_ name: String, _ text: String) -> Bool {
        Self.isSecret(name) || text.contains("://") && text.contains("@")
            || credentials.contains { other in
                let secret = other.value.plainText ?? ""
                return Self.isSecret(other.key) && !secret.isEmpty && text.contains(secret)
            }
    }

    private static func isSecret(_ name: String) -> Bool {
        secretWords.contains { name.lowercased().contains($0) }
    }
}

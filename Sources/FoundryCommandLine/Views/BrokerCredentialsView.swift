import FoundryClient
import FoundryModel

/// With what clients sign in at the broker, as a table.
public struct BrokerCredentialsView {
    private let credentials: [BrokerCredentialSummary]
    private let now: Timestamp

    public init(_ credentials: [BrokerCredentialSummary], now: Timestamp) {
        self.credentials = credentials
        self.now = now
    }

    public func lines(on terminal: Terminal) -> [String] {
        if credentials.isEmpty {
            return ["Nobody can use the broker. `foundry broker credentials add NAME` makes a name and a password."]
        }
        var table = Table([.init("name"), .init("made"), .init("by")])
        for credential in credentials {
            table.add([
                .init(credential.name, .strong),
                .init(AgeText.since(credential.createdAt.timestamp, now: now) + " ago"), .init(credential.createdBy),
            ])
        }
        return table.lines(on: terminal)
    }
}

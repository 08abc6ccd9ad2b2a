import FoundryClient

/// Where an app is reached and as whom. The password is shown only when it was asked for.
public struct CredentialsView {
    private let credentials: CredentialsAnswer

    public init(_ credentials: CredentialsAnswer, showsPassword: Bool) {
        var credentials = credentials
        hasPassword = credentials.password != nil
        if !showsPassword { credentials.password = nil }
        self.credentials = credentials
    }

    private let hasPassword: Bool

    public func lines(on terminal: Terminal) -> [String] {
        var fields = FieldList()
        fields.add("host", ifAny: credentials.host)
        fields.add("port", ifAny: credentials.port.map(String.init))
        fields.add("user", ifAny: credentials.user)
        fields.add("dbname", ifAny: credentials.dbname)
        if let password = credentials.password {
            fields.add("password", .init(password))
        } else if hasPassword {
            fields.add(
                "password",
                .init("not shown; --show-password prints it, --pg-service writes it to your service file", .faint))
        }
        let lines = fields.lines(on: terminal)
        return lines.isEmpty ? ["It has no credentials, and no route."] : lines
    }

    /// For `--output json`: without the password unless it was asked for.
    public var answer: CredentialsAnswer { credentials }
}

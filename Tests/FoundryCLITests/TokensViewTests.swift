import FoundryClient
import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("What `foundry token` and `foundry audit` show")
struct TokensViewTests {
    @Test("tokens are a table, with when they end")
    func tokens() {
        let tokens = [
            TokenSummary(
                name: "deploy", isReadOnly: false, createdAt: Sample.time(0), createdBy: "operator", expiresAt: nil,
                isExpired: false),
            TokenSummary(
                name: "grafana", isReadOnly: true, createdAt: Sample.time(0), createdBy: "deploy",
                expiresAt: Sample.time(86_400 * 5), isExpired: false),
            TokenSummary(
                name: "old", isReadOnly: true, createdAt: Sample.time(0), createdBy: "operator",
                expiresAt: Sample.time(1), isExpired: true),
        ]
        #expect(
            TokensView(tokens, now: Sample.time(200).timestamp).lines(on: .plain) == [
                "NAME     MAY         MADE    BY        ENDS",
                "deploy   everything  3m ago  operator  never",
                "grafana  read        3m ago  deploy    in 4d",
                "old      read        3m ago  operator  has ended",
            ])
    }

    @Test("the audit log says who, what and what came of it")
    func audit() {
        let entries = [
            AuditEntry(
                time: Sample.time(0), token: "deploy", method: "POST", path: "/v3/apps/a1/actions/stop", app: "demo",
                status: 200, error: nil),
            AuditEntry(
                time: Sample.time(1), token: nil, method: "GET", path: "/v3/apps", app: nil, status: 401,
                error: "unauthenticated", leftOut: 7),
        ]
        let lines = AuditView(entries).lines(on: .plain)
        #expect(lines.count == 3 && lines[1].contains("deploy  demo  POST /v3/apps/a1/actions/stop  200"))
        #expect(lines[2].hasSuffix("401 unauthenticated, and 7 like it before") && lines[2].contains("  none  "))
    }

    @Test(
        "lengths of time reach years, and no further",
        arguments: [
            ("30d", 2_592_000), ("12h", 43_200), ("5m", 300), ("90", 90), ("10s", 10), ("0d", nil), ("", nil),
            ("d", nil),
            ("-1d", nil), ("1.5d", nil), ("4000d", nil), ("99999999999999999999d", nil), ("9223372036854775807d", nil),
        ] as [(String, Int64?)])
    func times(text: String, seconds: Int64?) { #expect(LongTimeArgument(parsing: text)?.seconds == seconds) }
}

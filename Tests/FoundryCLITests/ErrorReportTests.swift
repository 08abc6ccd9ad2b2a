import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("How a failure looks")
struct ErrorReportTests {
    private let report = ErrorReport(FoundryError(.appNotFound, "No app is called 'dmo'.", hint: "did you mean demo?"))

    @Test("to people: the code, the message and what helps")
    func text() {
        #expect(
            report.lines(on: .plain) == ["error[app_not_found]: No app is called 'dmo'.", "hint: did you mean demo?"])
    }

    @Test("to programs: the same as one line of JSON")
    func json() throws {
        #expect(
            try report.json()
                == #"{"error":{"code":"app_not_found","hint":"did you mean demo?","message":"No app is called 'dmo'."}}"#
        )
    }

    @Test("every code has an exit code of the reference", arguments: ErrorCode.allCases)
    func exitCodes(code: ErrorCode) {
        #expect((2...7).contains(ErrorReport(FoundryError(code, "x")).exitCode))
    }

    @Test("a message cannot command the terminal, and keeps its lines")
    func harmless() {
        let report = ErrorReport(FoundryError(.internalError, "one\u{1b}[2J\ntwo"))
        #expect(report.lines(on: .plain) == ["error[internal_error]: one\ntwo"])
    }
}

import Testing

@testable import FoundrySupervisor

@Suite struct FileChecksTests {
    @Test func `a directory that takes files is well, with the files that its disk can have`() {
        let findings = FileChecks.findings("/var/tmp")
        #expect(findings.first?.check == "data directory" && findings.first?.state == .ok)
        #expect(findings.allSatisfy { !$0.isFatal })
    }

    @Test func `a path that is not there is said to be so`() {
        let findings = FileChecks.findings("/var/tmp/foundry-none/none")
        #expect(findings.count == 1 && findings.first?.state == .degraded)
        #expect(findings.first?.found.contains("No such file") == true)
    }
}

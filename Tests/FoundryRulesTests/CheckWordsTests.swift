import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryRules

@Suite("How checks are told")
struct CheckWordsTests {
    private static let failures: [CheckFailure] = [
        .refused, .silent, .closed, .garbled, .status(503), .engine("the database system is starting up"),
        .exited(3, said: "no such file"), .stuck, .unrunnable("no shell"),
    ]

    private static func clauses(_ asks: HealthQuestion) -> [String] {
        failures.map { CheckWords.clause(HealthCheck(asks), $0) }
    }

    @Test("A port answers or does not; of HTTP and of an engine it is told how")
    func network() {
        #expect(Set(Self.clauses(.port(80))) == ["did not answer on port 80"])
        #expect(Set(Self.clauses(.process)) == ["is not checked"])
        #expect(
            Self.clauses(.http(port: 80, path: "/up")) == [
                "did not answer on port 80", "did not answer GET /up on port 80 within 1 s",
                "closed the connection before it answered GET /up",
                "answered GET /up on port 80 with something that is not HTTP", "answered GET /up with status 503",
                "did not answer on port 80", "did not answer on port 80", "did not answer on port 80",
                "did not answer on port 80",
            ])
        #expect(
            Self.clauses(.engine(.postgresql, port: 5_432)) == [
                "did not answer on port 5432",
                "took a connection on port 5432, and its engine did not answer within 1 s",
                "took a connection on port 5432, and its engine closed it without an answer",
                "answered on port 5432 in another protocol than its engine's", "did not answer on port 5432",
                "answered on port 5432: the database system is starting up", "did not answer on port 5432",
                "did not answer on port 5432", "did not answer on port 5432",
            ])
    }

    @Test("A command is told with its exit code and its last line")
    func command() {
        let silent = "did not end its health command within 1 s"
        #expect(
            Self.clauses(.command(["/check"])) == [
                silent, silent, silent, silent, silent, silent,
                "failed its health command with exit code 3: no such file",
                "has a health command that does not end though it was killed",
                "has a health command that cannot be run: no shell",
            ])
        let quiet = CheckWords.clause(HealthCheck(.command(["/check"])), .exited(1, said: ""))
        #expect(quiet == "failed its health command with exit code 1")
    }

    @Test("The write probe speaks of the disk, readiness of being ready")
    func roles() {
        let check = HealthCheck(.command(["/check"]), timeoutMilliseconds: 5_000)
        let slow = "the write probe took longer than 5 s: the disk does not answer"
        #expect(
            Self.failures.map { CheckWords.complaint(.writes, check, $0) } == [
                slow, slow, slow, slow, slow, slow, "the write probe failed with exit code 3: no such file", slow,
                "the write probe cannot be run: no shell",
            ])
        let http = HealthCheck(.http(port: 80, path: "/ready"))
        #expect(
            CheckWords.complaint(.readiness, http, .status(503))
                == "is not ready: it answered GET /ready with status 503")
        #expect(CheckWords.complaint(.liveness, http, .status(500)) == "answered GET /ready with status 500")
    }

    @Test("What is checked is told a line each, with its pace")
    func lines() {
        var spec = Samples.spec()
        #expect(CheckWords.lines(spec) == ["a connection to port 6379, every 2 s"])
        spec.health = HealthCheck(.process)
        spec.readiness = HealthCheck(.http(port: 80, path: "/ready"), intervalMilliseconds: 500)
        spec.image.configuration.environment = ["FOUNDRY_WRITE_PROBE=sync"]
        #expect(
            CheckWords.lines(spec) == [
                "its process runs", "GET /ready on port 80, every 500 ms, before it gets connections",
                "a write through to its disk, every 30 s",
            ])
        spec.readiness = HealthCheck(.engine(.redis, port: 6_379))
        spec.health = HealthCheck(.command(["/bin/sh", "-c", "test -e /up"]))
        spec.disk = nil
        #expect(
            CheckWords.lines(spec) == [
                "command test -e /up, every 2 s", "redis on port 6379, every 2 s, before it gets connections",
            ])
        #expect(CheckWords.line(["/bin/sh", "-x", "a"]) == "/bin/sh -x a")
    }

    @Test("Words that change from check to check are not another failure")
    func same() {
        #expect(CheckFailure.engine("a").isSame(as: .engine("b")))
        #expect(CheckFailure.unrunnable("a").isSame(as: .unrunnable("b")))
        #expect(CheckFailure.exited(1, said: "a").isSame(as: .exited(1, said: "b")))
        #expect(!CheckFailure.exited(1, said: "a").isSame(as: .exited(2, said: "a")))
        #expect(CheckFailure.silent.isSame(as: .silent) && !CheckFailure.silent.isSame(as: .closed))
    }
}

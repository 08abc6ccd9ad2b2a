import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryCell

/// Against servers that answer well, badly, half, late and never.
@Suite("A probe over the network", .serialized)
struct ProbeTests {
    private func ask(
        _ asks: (Int) -> HealthQuestion, _ answer: ProbeServer.Answer, limit: Int64 = 2_000
    ) async -> (verdict: CheckVerdict, request: [UInt8]) {
        let server = ProbeServer(answer)
        defer { server.stop() }
        let verdict = await HealthProbe.ask(asks(server.port), address: "127.0.0.1", timeoutMilliseconds: limit)
        return (verdict, server.request)
    }

    private func http(_ answer: ProbeServer.Answer, limit: Int64 = 2_000) async -> CheckVerdict {
        await ask({ .http(port: $0, path: "/up?x=1") }, answer, limit: limit).verdict
    }

    private func engine(
        _ engine: EngineProtocol, _ answer: ProbeServer.Answer, limit: Int64 = 2_000
    ) async -> CheckVerdict {
        await ask({ .engine(engine, port: $0) }, answer, limit: limit).verdict
    }

    private func text(_ text: String) -> [UInt8] { ProbeServer.text(text) }

    @Test("GET is answered well by a status of 200 to 399, and asks as the standard has it")
    func http() async {
        for (line, verdict) in [
            ("HTTP/1.1 200 OK", .serves), ("HTTP/1.0 204", .serves), ("HTTP/1.1 399 Odd", .serves),
            ("HTTP/1.1 302 Found", .serves), ("HTTP/1.1 199 Early", .fails(.status(199))),
            ("HTTP/1.1 400 Bad Request", .fails(.status(400))), ("HTTP/1.1 500 Oh", .fails(.status(500))),
            ("HTTP/1.1 999 ?", .fails(.garbled)), ("HTTP/1.1 20 OK", .fails(.garbled)),
            ("HTTP/1.1", .fails(.garbled)), ("+OK hello", .fails(.garbled)),
        ] as [(String, CheckVerdict)] {
            #expect(await http(.parts([text("\(line)\r\n\r\nbody")])) == verdict, "\(line)")
        }
        let (_, request) = await ask({ .http(port: $0, path: "/up?x=1") }, .last(text("HTTP/1.1 200 OK\r\n")))
        let words = String(decoding: request, as: UTF8.self)
        #expect(words.hasPrefix("GET /up?x=1 HTTP/1.1\r\nHost: 127.0.0.1:") && words.hasSuffix("\r\n\r\n"))
    }

    @Test("A status that comes in pieces is read; half an answer, none, and an endless line are not one")
    func halves() async {
        #expect(await http(.parts([text("HT"), text("TP/1.1 2"), text("00 OK\r\n")])) == .serves)
        #expect(await http(.last(text("HTTP/1.1 2"))) == .fails(.garbled))
        #expect(await http(.last([])) == .fails(.closed))
        #expect(await http(.parts([text("HTTP/1.1 2")]), limit: 300) == .fails(.silent))
        let endless = text("HTTP/1.1 " + String(repeating: "2", count: 8_000))
        #expect(await http(.parts([endless])) == .fails(.garbled))
    }

    @Test("Who takes the connection and never answers is waited for no longer than the limit, all checks at once")
    func never() async {
        let began = SystemClock.monotonic()
        let verdicts = await withTaskGroup(of: CheckVerdict.self) { group in
            group.addTask { await http(.nothing, limit: 300) }
            for kind in EngineProtocol.allCases { group.addTask { await engine(kind, .nothing, limit: 300) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts == Array(repeating: .fails(.silent), count: 4))
        #expect(SystemClock.monotonic() - began < 1_500)
        let nobody = await HealthProbe.ask(
            .http(port: 1, path: "/"), address: "127.0.0.1", timeoutMilliseconds: 300)
        #expect(nobody == .fails(.refused))
        let command = await HealthProbe.ask(.command(["x"]), address: "127.0.0.1", timeoutMilliseconds: 300)
        #expect(command == .unknown)
    }

    @Test("Redis answers PING, or asks for a password; while it loads it does not serve")
    func redis() async {
        for (answer, verdict) in [
            ("+PONG\r\n", .serves), ("-NOAUTH Authentication required.\r\n", .serves), ("-NOPERM no\r\n", .serves),
            ("-LOADING Redis is loading\r\n", .fails(.engine("LOADING Redis is loading"))),
            ("-MISCONF disk\u{1b}[1m\r\n", .fails(.engine("MISCONF disk [1m"))), ("HTTP/1.1 400\r\n", .fails(.garbled)),
        ] as [(String, CheckVerdict)] {
            #expect(await engine(.redis, .parts([text(answer)])) == verdict, "\(answer)")
        }
        #expect(await engine(.redis, .last(text("+PO"))) == .fails(.garbled))
        #expect(await ask({ .engine(.redis, port: $0) }, .last([])).request == text("*1\r\n$4\r\nPING\r\n"))
    }

    @Test("PostgreSQL asks for a password, or says why not; while it starts it does not serve")
    func postgresql() async {
        func error(_ code: String, _ message: String) -> [UInt8] {
            let fields = text("SFATAL\0C\(code)\0M\(message)\0\0")
            return text("E") + [0, 0, 0, UInt8(4 + fields.count)] + fields
        }
        let password: [UInt8] = text("R") + [0, 0, 0, 8, 0, 0, 0, 10]
        #expect(
            await engine(.postgresql, .parts([Array(password.prefix(2)), Array(password.dropFirst(2))])) == .serves)
        let starting = "the database system is starting up"
        #expect(await engine(.postgresql, .parts([error("57P03", starting)])) == .fails(.engine(starting)))
        #expect(await engine(.postgresql, .parts([error("28000", "no role")])) == .serves)
        #expect(await engine(.postgresql, .parts([error("53300", "too many")])) == .serves)
        #expect(await engine(.postgresql, .parts([text("HTTP/1.1 400 Bad Request\r\n")])) == .fails(.garbled))
        #expect(await engine(.postgresql, .parts([text("E\0\0\0\u{6}Xa")])) == .fails(.garbled))
        #expect(await engine(.postgresql, .last(text("E\0\0\0"))) == .fails(.garbled))
        let (_, request) = await ask({ .engine(.postgresql, port: $0) }, .last([]))
        #expect(Int(request[3]) == request.count && request.suffix(2) == [0, 0])
        #expect(Array(request[4..<8]) == [0, 3, 0, 0])
    }

    @Test("MariaDB greets; that it has no connection left is an answer too, any other error is not")
    func mysql() async {
        func packet(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count), 0, 0, 0] + bytes }
        #expect(await engine(.mysql, .greets(packet([10] + text("10.11.6-MariaDB\0")))) == .serves)
        #expect(await engine(.mysql, .greets(packet([0xff, 0x10, 0x04] + text("Too many connections")))) == .serves)
        #expect(
            await engine(.mysql, .greets(packet([0xff, 0x69, 0x04] + text("Host is blocked"))))
                == .fails(.engine("error 1129 Host is blocked")))
        #expect(await engine(.mysql, .greets(text("220 mail.example ESMTP\r\n"))) == .fails(.garbled))
        #expect(await engine(.mysql, .greets([5, 0, 0]), limit: 300) == .fails(.silent))
    }
}

import Foundation
import FoundryClient
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Commands between client and cell", .serialized, .timeLimit(.minutes(3)))
struct ExecTests {
    /// Gives back what it gets, until its input ends; then ends with the code that the command's second word says.
    @Sendable private static func echo(
        _ cell: CellsClient<CellOrders, CellReport>, _ ticket: ExecTicket
    ) async throws {
        let connection = try await cell.exec(ticket)
        let code = Kept<UInt8>(0)
        try await connection.receive { frame throws(FoundryError) in
            switch frame {
            case .begin(let bytes):
                let words = (try? WireJSON.decode(ExecRequest.self, from: Data(bytes)))?.command ?? []
                code.change { $0 = UInt8(words.dropFirst().first ?? "") ?? 0 }
                connection.outbox.send(.started)
            case .input(let bytes):
                connection.outbox.send(.credit(bytes.count))
                connection.outbox.send(.output(bytes))
            case .inputEnd:
                connection.outbox.send(.ended(code.value))
                connection.outbox.finish()
            default: break
            }
        }
        connection.outbox.finish()
    }

    /// Opens the stream, and waits for its end.
    @Sendable private static func wait(
        _ cell: CellsClient<CellOrders, CellReport>, _ ticket: ExecTicket
    ) async throws {
        let connection = try await cell.exec(ticket)
        connection.outbox.send(.started)
        try await connection.receive { _ throws(FoundryError) in }
        connection.outbox.finish()
    }

    @Test("their streams are joined; no order and no log holds what was said")
    func joined() async throws {
        try await ExecCell.run(answer: Self.echo) { bench in
            let connection = try await bench.exec("psql", "7", "--password=hunter2")
            for text in ["one", "two"] { connection.outbox.send(.input(Array(text.utf8))) }
            connection.outbox.send(.resize(TerminalSize(rows: 1, columns: 1)))
            connection.outbox.send(.inputEnd)
            let frames = try await ExecCell.frames(connection)
            connection.outbox.finish()
            #expect(frames.first == .started && frames.last == .ended(7), "\(frames)")
            let output = frames.flatMap { frame -> [UInt8] in if case .output(let bytes) = frame { bytes } else { [] } }
            #expect(String(decoding: output, as: UTF8.self) == "onetwo")
            let orders = try OrdersJSON.encode(try #require(bench.orders.value.first))
            #expect(!String(decoding: orders, as: UTF8.self).contains("hunter2"))
            let entry = try #require(try await bench.api.audit(limit: 10).last)
            #expect(entry.program == "psql" && entry.app == "tool" && entry.status == 200 && entry.token == "operator")
            let log = try String(contentsOfFile: bench.server.paths.audit, encoding: .utf8)
            #expect(log.contains(#""program":"psql""#) && !log.contains("hunter2"))
        }
    }

    @Test("a ticket opens one stream, of its own cell, once")
    func tickets() async throws {
        let used = Kept<ExecTicket?>(nil)
        try await ExecCell.run { cell, ticket in
            used.change { $0 = ticket }
            try await Self.wait(cell, ticket)
        } _: { bench in
            let connection = try await bench.exec("sleep")
            let ticket = try #require(used.value)
            for wrong in [ticket, ExecTicket("guessed")!] {
                let error = await #expect(throws: FoundryError.self) { _ = try await bench.cell.exec(wrong) }
                #expect(error?.code == .notFound, "\(wrong)")
            }
            let own = bench.server.files("router")
            let router = try await bench.server.curl(
                "/cells/v1/c1/execs/\(ticket)", ["--cert", own.certificate, "--key", own.key, "--data", "x"],
                token: nil, port: bench.server.configuration.cellPort)
            #expect(router.hasPrefix("403"), "\(router)")
            connection.outbox.finish()
            _ = try await ExecCell.frames(connection)
        }
    }

    @Test("whoever does not keep to the protocol is cut off, and the other side is told")
    func rules() async throws {
        try await ExecCell.run(answer: Self.wait) { bench in
            let piece = ExecFrame.input([UInt8](repeating: 0, count: ExecLimits.largestPayload))
            let wrong: [[ExecFrame]] = [
                [.output([1])], [.begin([])], [.ended(0)], [.credit(1)], [.inputEnd, .input([1])],
                [ExecFrame](repeating: piece, count: ExecLimits.window / ExecLimits.largestPayload + 1),
            ]
            for frames in wrong {
                let connection = try await bench.exec("sleep")
                for frame in frames { connection.outbox.send(frame) }
                let said = try await ExecCell.frames(connection)
                connection.outbox.finish()
                #expect(try ExecCell.failure(said)?.code == .badRequest, "\(frames.first.debugDescription): \(said)")
            }
        }
    }

    @Test("a cell that does not keep to the protocol is cut off, too")
    func cellsRules() async throws {
        let wrong: [ExecFrame] = [.input([1]), .begin([]), .credit(9), .output([1])]
        let next = Kept(0)
        try await ExecCell.run { cell, ticket in
            let connection = try await cell.exec(ticket)
            connection.outbox.send(wrong[next.value])
            try await connection.receive { _ throws(FoundryError) in }
            connection.outbox.finish()
        } _: { bench in
            for index in wrong.indices {
                next.change { $0 = index }
                let connection = try await bench.exec("sleep")
                let said = try await ExecCell.frames(connection)
                connection.outbox.finish()
                #expect(try ExecCell.failure(said)?.code == .badRequest, "\(wrong[index]): \(said)")
            }
        }
    }

    @Test("a side that goes ends the other: the client is told, the cell's stream ends")
    func gone() async throws {
        let ended = Kept(0)
        try await ExecCell.run { cell, ticket in
            let connection = try await cell.exec(ticket)
            connection.outbox.send(.started)
            try await connection.receive { frame throws(FoundryError) in
                if case .input = frame { connection.outbox.finish() }
            }
            connection.outbox.finish()
            ended.change { $0 += 1 }
        } _: { bench in
            let leaves = try await bench.exec("sleep")
            leaves.outbox.finish()
            _ = try await ExecCell.frames(leaves)
            try await ExecCell.eventually("the cell hears of it") { ended.value == 1 }
            let left = try await bench.exec("sleep")
            left.outbox.send(.input([1]))
            let said = try await ExecCell.frames(left)
            left.outbox.finish()
            let failure = try ExecCell.failure(said)
            #expect(failure?.code == .execBroken && failure?.message.contains("cell") == true, "\(said)")
        }
    }

    @Test("so many run at once, and a cell that does not answer is waited for for a while")
    func limits() async throws {
        let isDeaf = Kept(false)
        try await ExecCell.run { cell, ticket in
            if !isDeaf.value { try await Self.wait(cell, ticket) }
        } _: { bench in
            var connections: [ExecConnection] = []
            for _ in 1..<ExecLimits.perApp { connections.append(try await bench.exec("sleep")) }
            isDeaf.change { $0 = true }
            async let unanswered = #expect(throws: FoundryError.self) { _ = try await bench.exec("sleep") }
            try await ExecCell.eventually("it waits") {
                bench.orders.value.last?.execs.isEmpty == false
                    && bench.orders.value.flatMap(\.execs).count >= ExecLimits.perApp
            }
            let tooMany = await #expect(throws: FoundryError.self) { _ = try await bench.exec("sleep") }
            #expect(tooMany?.code == .tooManyRequests)
            #expect(await unanswered?.code == .cellLost)
            for connection in connections { connection.outbox.finish() }
            isDeaf.change { $0 = false }
            try await ExecCell.eventually("there is room again") {
                guard let connection = try? await bench.exec("sleep") else { return false }
                connection.outbox.finish()
                return true
            }
        }
    }

    @Test("a beginning that is none is refused in words, and nothing is asked of the cell")
    func beginnings() async throws {
        try await ExecCell.run(answer: Self.wait) { bench in
            let path = "/foundry/v1/apps/\(bench.guid)/exec"
            let begin = { (json: String) in Data(ExecFrame.begin(Array(json.utf8)).bytes) }
            let many = Array(repeating: "\"x\"", count: ExecLimits.mostWords + 1).joined(separator: ",")
            let wrong: [(Data, String)] = [
                (Data(), "bad_request"), (Data("GET / HTTP/1.1".utf8), "bad_request"),
                (Data([2, 255, 255, 255, 255, 0]), "bad_request"), (Data(ExecFrame.inputEnd.bytes), "bad_request"),
                (begin("{"), "not_json"), (begin(#"{"command":1}"#), "not_json"),
                (begin(#"{"command":[]}"#), "bad_request"), (begin(#"{"command":[""]}"#), "bad_request"),
                (begin(#"{"command":["a\u0000b"]}"#), "bad_request"),
                (begin(#"{"command":[\#(many)]}"#), "bad_request"),
                (begin(#"{"command":["x"],"terminal":{"type":"a","rows":70000,"columns":1}}"#), "not_json"),
            ]
            let file = bench.server.paths.data + "/begin"
            for (bytes, code) in wrong {
                try bytes.write(to: URL(filePath: file))
                let answer = try await bench.server.curl(path, ["--data-binary", "@\(file)"])
                #expect(answer.hasPrefix("400") && answer.contains("\"\(code)\""), "\(bytes.count): \(answer)")
            }
            for query in ["instance=x", "instance=-1", "colour=red"] {
                let answer = try await bench.server.curl("\(path)?\(query)", ["--data", "x"])
                #expect(answer.hasPrefix("400"), "\(query): \(answer)")
            }
            let missing = try await bench.server.curl("\(path)?instance=3", ["--data", "x"])
            #expect(missing.hasPrefix("404") && missing.contains("tool has no instance 3"), "\(missing)")
            #expect(bench.orders.value.isEmpty)
        }
    }
}

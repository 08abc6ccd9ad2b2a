import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Commands in members: the client's end.
struct ExecEndpoints: Sendable {
    /// For the command to arrive and its cell to answer.
    private static let limit = Duration.seconds(25)
    private static let arrival = Duration.seconds(10)

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            Endpoint(.post, "/foundry/v1/apps/:guid/exec", takesStream: true, limit: Self.limit) {
                request throws(FoundryError) in try await exec(request)
            }
        ]
    }

    private func exec(_ request: APIRequest) async throws(FoundryError) -> Response {
        let query = try QueryReader(request.query, known: ["instance"])
        let instance = try query.number("instance", in: MemberChoice.numbers)
        let view = platform.view
        let member = try ExecTarget.choose(try platform.app(request, in: view).value, instance: instance, in: view)
        request.beginsExchange()
        let frames = ExecFrames(request.stream)
        let bytes = try await Self.beginning(frames)
        let command = try Self.command(bytes)
        request.note.set(program: command.command[0])
        guard platform.presence.isConnected(.cell(member.cell)) else { throw Self.unreachable(view.name(of: member)) }
        let session = try platform.execs.open(
            in: member, request: bytes, hasTerminal: command.terminal != nil)
        do throws(FoundryError) { try await attached(session, view.name(of: member)) } catch {
            session.end(error)
            platform.execs.close(session)
            throw error
        }
        let loss = FoundryError(.execBroken, "The client went away, and the command is ended.")
        return ExecStream(session: session, side: .client, frames: frames, loss: loss)
            .response { platform.execs.close(session) }
    }

    private func attached(_ session: ExecSession, _ name: String) async throws(FoundryError) {
        // The cell is told by its stream of orders.
        platform.feed.nudge()
        let attachment = session.attachment
        do {
            try await Deadline.run(.milliseconds(ExecLimits.attachMilliseconds)) { for await _ in attachment {} }
        } catch {
            throw Self.unreachable(name)
        }
    }

    /// What to run, as the first frame says it.
    private static func beginning(_ frames: ExecFrames) async throws(FoundryError) -> [UInt8] {
        do {
            return try await Deadline.run(arrival) {
                while let frame = try await frames.next() {
                    if case .begin(let bytes) = frame { return bytes }
                    guard frame == .alive else { throw notACommand("another frame") }
                }
                throw notACommand("nothing")
            }
        } catch let error as FoundryError {
            throw error
        } catch is DeadlineExceeded {
            throw FoundryError(.timedOut, "The command did not come within \(arrival).")
        } catch {
            throw FoundryError(.badRequest, "The command could not be read.", detail: "\(error)")
        }
    }

    private static func command(_ bytes: [UInt8]) throws(FoundryError) -> ExecRequest {
        guard let request = try? WireJSON.decode(ExecRequest.self, from: Data(bytes)) else {
            throw FoundryError(
                .notJSON, "The command cannot be read.", hint: "{\"command\":[\"redis-cli\",\"ping\"]}")
        }
        guard let program = request.command.first, !program.isEmpty else {
            throw FoundryError(.badRequest, "The command is empty.", hint: "foundry exec NAME -- COMMAND")
        }
        guard request.command.count <= ExecLimits.mostWords,
            (request.command + [request.terminal?.type ?? "", request.user ?? ""]).allSatisfy({ !$0.utf8.contains(0) })
        else {
            throw FoundryError(
                .badRequest, "A command has at most \(ExecLimits.mostWords) words, and no zero byte in them.",
                hint: "send what is long over its standard input")
        }
        return request
    }

    private static func notACommand(_ found: String) -> FoundryError {
        FoundryError(
            .badRequest, "The body must begin with a frame that says what to run; it has \(found).",
            hint: "docs/reference/api.md, on exec")
    }

    private static func unreachable(_ member: String) -> FoundryError {
        FoundryError(
            .cellLost, "The cell of \(member) does not answer, so nothing can be run there.", hint: "foundry status")
    }
}

/// Commands in members: the cell's end.
struct ExecCellEndpoint: Sendable {
    let execs: ExecBoard
    let feed: ViewFeed

    /// - Parameter cell: who asks, by its certificate.
    func attach(_ request: APIRequest, by cell: CellID) throws(FoundryError) -> Response {
        let ticket: ExecTicket = try request.id("ticket", or: FoundryError(.notFound, "Nobody waits for this stream."))
        let session = try execs.attach(ticket, by: cell)
        request.beginsExchange()
        session.attach()
        // Its orders name it no longer.
        feed.nudge()
        return ExecStream(session: session, side: .cell, frames: ExecFrames(request.stream), loss: ExecFailure.cellGone)
            .response {}
    }
}

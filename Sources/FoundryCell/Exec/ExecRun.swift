import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One command from the order to its end: opens the stream, starts the program, carries its bytes, says how it ended.
///
/// When the other side goes, or the cell stops, the program and all that it started are ended.
struct ExecRun: Sendable {
    private static let look = Duration.seconds(1)
    /// For the server to end a stream after the last word.
    private static let leave = Duration.seconds(2)

    let order: ExecOrder
    /// nil: it is not the cell's any more.
    let member: MemberOrder?
    let programs: ExecPrograms
    let logger: Logger

    private let inbox = Inbox<ExecItem>()
    private let credit = ByteCredit(ExecLimits.window)
    private let ear = ExecEar()

    /// Of the member.
    private var name: String { member?.name ?? order.member.short }

    init(order: ExecOrder, member: MemberOrder?, programs: ExecPrograms, logger: Logger) {
        self.order = order
        self.member = member
        self.programs = programs
        self.logger = logger
    }

    /// - Returns: when nothing of it runs any more.
    func run(over uplink: any CellUplink) async {
        do throws(FoundryError) {
            let connection = try await uplink.exec(order.ticket)
            await withTaskCancellationHandler {
                await run(connection)
            } onCancel: {
                ear.hangUp()
            }
        } catch {
            logger.info("a command's stream cannot be opened", metadata: ["error": "\(error.code.rawValue)"])
        }
    }

    private func run(_ connection: ExecConnection) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.receive(connection) }
            group.addTask { await self.watch(connection.outbox) }
            let end = await self.work(connection.outbox)
            connection.outbox.finish(with: end)
            inbox.close()
            // The server has the last word; it is given a moment.
            group.addTask { try? await SystemClock.sleep(Self.leave) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Hands on what comes until nothing more does.
    private func receive(_ connection: ExecConnection) async {
        do throws(FoundryError) {
            try await connection.receive { frame throws(FoundryError) in
                ear.heard.note()
                switch frame {
                case .begin(let bytes): ear.begin(bytes)
                case .input(let bytes): inbox.put(.input(bytes))
                case .inputEnd: inbox.put(.end)
                case .resize(let size): inbox.put(.resize(size))
                case .credit(let count): credit.give(count)
                case .alive: break
                case .output, .errorOutput, .started, .ended, .failed:
                    throw FoundryError(.badRequest, "The server sent what only a cell sends.")
                }
            }
        } catch {
            logger.debug("a command's stream broke", metadata: ["error": "\(error)"])
        }
        ear.hangUp()
    }

    private func watch(_ outbox: ExecOutbox) async {
        var told = SystemClock.monotonic()
        while (try? await SystemClock.sleep(Self.look)) != nil {
            let now = SystemClock.monotonic()
            if now - told >= ExecLimits.aliveMilliseconds {
                outbox.send(.alive)
                told = now
            }
            if ear.heard.silence >= ExecLimits.silenceMilliseconds { ear.hangUp() }
        }
    }

    /// - Returns: the last frame.
    private func work(_ outbox: ExecOutbox) async -> ExecFrame {
        do throws(FoundryError) {
            guard let bytes = await ear.beginning() else { throw ExecFailure.cellGone }
            let request: ExecRequest
            do { request = try WireJSON.decode(ExecRequest.self, from: Data(bytes)) } catch {
                throw FoundryError(.badRequest, "The command cannot be read.", detail: "\(error)")
            }
            guard let member else { throw ExecFailure.stopped(name) }
            let program = try programs.start(request, order, in: member)
            defer { program.clear() }
            let code = try await follow(program, request, outbox)
            return .ended(UInt8(truncatingIfNeeded: code))
        } catch {
            return .failed([UInt8]((try? WireJSON.encode(ErrorBody([error]))) ?? Data()))
        }
    }

    /// - Returns: the exit code.
    private func follow(
        _ program: ExecProgram, _ request: ExecRequest, _ outbox: ExecOutbox
    ) async throws(FoundryError) -> Int32 {
        let end = ExecEnd()
        let input = ExecInput(owning: program.input)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                end.set((try? await OwnThread.run { () throws(FoundryError) in program.runc.wait() }) ?? 255)
            }
            group.addTask { await self.hangUp(program, end) }
            if await program.hasStarted({ end.code != nil }) {
                do { try program.joinMember() } catch {
                    logger.error("a command cannot be put where its member is", metadata: ["error": "\(error)"])
                    await program.endRest()
                }
                outbox.send(.started)
                let pumps = ExecPumps(program: program, inbox: inbox, outbox: outbox, credit: credit)
                group.addTask { await pumps.writeInput(input) }
                await carry(program, pumps)
            }
            await end.wait()
            input.end()
            inbox.close()
            ear.hangUp()
        }
        guard HostFiles.exists(program.places.pidFile), let code = end.code else {
            throw ExecFailure.start(program.words, program: request.command[0], member: name)
        }
        if await program.endedWithMember(code) { throw ExecFailure.stopped(name) }
        return code
    }

    /// - Returns: when the command has ended, and all that it said is on its way.
    private func carry(_ program: ExecProgram, _ pumps: ExecPumps) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pumps.readOutput(program.output) { .output($0) } }
            if !program.hasTerminal {
                group.addTask { await pumps.readOutput(program.errors) { .errorOutput($0) } }
            }
            group.addTask {
                if let first = program.first { await Self.end(of: first) }
                await program.endRest()
            }
        }
    }

    private func hangUp(_ program: ExecProgram, _ end: ExecEnd) async {
        await ear.gone.wait()
        credit.close()
        if end.code == nil { await program.hangUp(isPatient: !Task.isCancelled) }
    }

    private static func end(of process: ProcessIdentity) async {
        while (try? await process.waitForEnd(limitMilliseconds: 60_000)) == false {}
    }
}

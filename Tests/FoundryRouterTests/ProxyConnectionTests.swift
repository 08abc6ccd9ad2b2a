import FoundryEffects
import FoundryModel
import NIOCore
import NIOPosix
import Testing

@testable import FoundryRouter

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What stands in HAProxy's place here speaks as HAProxy never should.
@Suite(.serialized) struct ProxyConnectionTests {
    /// Answers the prompt, and each command with the text; nil: not at all.
    private final class Babbler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let answers: [String?]
        var count = 0

        init(_ answers: [String?]) { self.answers = answers }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            defer { count += 1 }
            let answer = count == 0 ? "\n> " : count <= answers.count ? answers[count - 1] : nil
            guard let answer else { return }
            if answer.isEmpty { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
        }
    }

    private func asking(_ answers: [String?], _ work: (ProxyConnection) async throws -> Void) async throws {
        let path = "/var/tmp/foundry-router-test-\(UInt32.random(in: 0...UInt32.max)).sock"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Babbler(answers))
                }
            }
            .bind(unixDomainSocketPath: path).get()
        let connection = try await ProxyConnection.open(path) {}
        try await work(connection)
        connection.close()
        try await server.close()
    }

    @Test func anAnswerMayComeInPieces() async throws {
        let long = String(repeating: "0x1 20000 loopback.20000\n", count: 20_000)
        try await asking([long + "\n> ", "short\n> "]) { connection in
            let first = try await connection.ask("show map")
            let second = try await connection.ask("anything")
            #expect(first == long && second == "short")
        }
    }

    @Test func anAnswerWithoutAnEndIsCutOff() async throws {
        try await asking([String(repeating: "x", count: ProxyAnswerHandler.limit + 1)]) { connection in
            let error = await #expect(throws: FoundryError.self) { try await connection.ask("show map") }
            #expect(error?.code == .commandFailed)
            try await eventually("it is closed") { !connection.isOpen }
        }
    }

    @Test func silenceEndsAtTheLimit() async throws {
        try await asking([nil]) { connection in
            let start = SystemClock.monotonic()
            let error = await #expect(throws: FoundryError.self) { try await connection.ask("show map") }
            #expect(error?.code == .timedOut)
            #expect(SystemClock.monotonic() - start < 4_000)
            try await eventually("it is closed") { !connection.isOpen }
        }
    }

    @Test func anEndInTheMiddleIsAnError() async throws {
        try await asking([""]) { connection in
            await #expect(throws: FoundryError.self) { try await connection.ask("show map") }
            await #expect(throws: FoundryError.self, "and stays one") { try await connection.ask("show map") }
        }
    }

    @Test func aSecondAnswerUnaskedEndsTheConnection() async throws {
        try await asking(["one\n> two\n> "]) { connection in
            _ = try? await connection.ask("show map")
            let text = try? await connection.ask("show info")
            #expect(text == nil)
        }
    }

    @Test func nobodyListensIsAnError() async throws {
        let error = await #expect(throws: FoundryError.self) {
            try await ProxyConnection.open("/var/tmp/foundry-router-test-nobody.sock") {}
        }
        #expect(error?.code == .commandFailed)
    }
}

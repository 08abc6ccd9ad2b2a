import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import FoundrySupervisor
import FoundryTestSupport
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import FoundryServer

@Suite("Log drains", .serialized, .timeLimit(.minutes(2)))
struct LogDrainTests {
    @Test("what an app says and what happened to it comes as RFC 5424, from then on, and no more once it is removed")
    func overTCP() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let log = try MemberLogFile(bench)
            try log.write("before")
            let server = try await SyslogServer.start()
            try await bench.draining {
                let drain = try await bench.drain(guid, "syslog://127.0.0.1:\(server.port)")
                try await bench.eventually("it connects") { server.connections == 1 }
                try log.write("hello wörld")
                try log.write("trouble", "stderr")
                try await bench.eventually("both come") { server.messages.count >= 2 }
                #expect(!server.messages.contains { $0.contains("before") })
                let hello = try #require(server.messages.first { $0.contains("hello") })
                let form =
                    #/<14>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z foundry-abc123 demo demo\/0 stdout - hello wörld/#
                #expect(hello.wholeMatch(of: form) != nil, "\(hello)")
                #expect(server.messages.contains { $0.hasPrefix("<11>1 ") && $0.hasSuffix(" stderr - trouble") })
                _ = try await bench.call(.post, "/v3/apps/\(guid)/actions/restart")
                try await bench.eventually("the platform's words come") {
                    server.messages.contains { $0.hasPrefix("<13>1 ") && $0.hasSuffix("platform - was restarted") }
                }
                // The server has a line before the drain knows that it was sent.
                try await bench.eventually("all of it is counted") {
                    let listed: ListAnswer<LogDrainSummary> = try await bench.get("/foundry/v1/log-drains")
                    return listed.resources.first.map { $0.isConnected && $0.sent >= 3 } ?? false
                }
                let listed: ListAnswer<LogDrainSummary> = try await bench.get("/foundry/v1/log-drains")
                let shown = try #require(listed.resources.first)
                #expect(shown.dropped == 0 && shown.appName == "demo")
                #expect(try await bench.call(.delete, "/foundry/v1/log-drains/\(drain)").status == 204)
                try await bench.eventually("it hangs up") { server.connections == 0 }
            }
        }
    }

    @Test("a server that went is called again, and gets what waited")
    func again() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let log = try MemberLogFile(bench)
            let port = try FreePorts.first()
            try await bench.draining {
                _ = try await bench.drain(guid, "syslog://127.0.0.1:\(port)")
                try await bench.eventually("it is told that nobody answers") {
                    let listed: ListAnswer<LogDrainSummary> = try await bench.get("/foundry/v1/log-drains")
                    return listed.resources.first?.problem == "nobody listens at 127.0.0.1, port \(port)"
                }
                try log.write("patience")
                let server = try await SyslogServer.start(port: port)
                try await bench.eventually("it comes") { server.messages.contains { $0.hasSuffix("- patience") } }
                // The server has a line before the drain knows that it was sent.
                try await bench.eventually("nothing is wrong any more") {
                    let listed: ListAnswer<LogDrainSummary> = try await bench.get("/foundry/v1/log-drains")
                    return listed.resources.count == 1 && listed.resources.first?.problem == nil
                }
                #expect(try await bench.call(.delete, "/v3/apps/\(guid)").status == 202)
                try await bench.eventually("it goes with its app") { bench.platform.view.logDrains.isEmpty }
                #expect(bench.platform.view.apps.isEmpty)
            }
        }
    }

    @Test("over TLS a server must be the one that is meant: its authority known, and its name right")
    func overTLS() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let log = try MemberLogFile(bench)
            try await Certificates.make(bench.platform.paths, instance: "abc123", cell: Peers.cell)
            let server = try await SyslogServer.start(tls: bench.platform.paths)
            try await bench.draining {
                let drain = try await bench.drain(guid, "syslog-tls://127.0.0.1:\(server.port)")
                try log.write("secret")
                try await bench.eventually("a stranger is refused") {
                    let listed: ListAnswer<LogDrainSummary> = try await bench.get("/foundry/v1/log-drains")
                    return listed.resources.first?.problem?.hasPrefix("its certificate is not trusted") == true
                }
                #expect(server.messages.isEmpty && server.text.isEmpty)
                try FileManager.default.copyItem(
                    atPath: bench.platform.paths.authority, toPath: bench.platform.paths.drainAuthorities)
                try await bench.eventually("it is known now") { server.messages.contains { $0.hasSuffix("- secret") } }
                #expect(try await bench.call(.delete, "/foundry/v1/log-drains/\(drain)").status == 204)
            }
        }
    }

    @Test("a full queue drops what is new, counts it, and says so in the right number once")
    func full() async throws {
        let queue = LogDrainQueue(member: "demo")
        let time = WireTime(Timestamp(millisecondsSince1970: 0))
        let line = { (text: String) in FoundryClient.LogLine(time: time, member: "demo/0", stream: "stdout", text: text)
        }
        for number in 0..<(LogDrainQueue.mostLines + 25) { queue.add(line("\(number)")) }
        #expect(queue.dropped == 25)
        let first = try #require(await queue.next(100))
        #expect(first.lines.count == 101 && first.lines.last?.text.hasPrefix("25 lines were dropped") == true)
        let again = try #require(await queue.next(100))
        #expect(
            again.lines.map(\.text).prefix(100) == first.lines.map(\.text).prefix(100),
            "nothing goes before it is taken")
        queue.take(again)
        let second = try #require(await queue.next(100))
        #expect(second.lines.count == 100 && second.lines.first?.text == "100")
        let large = String(repeating: "x", count: 1 << 20)
        let other = LogDrainQueue(member: "demo")
        for _ in 0..<6 { other.add(line(large)) }
        #expect(other.dropped == 2, "bytes are bounded too")
    }

    @Test("what is no syslog server is refused, and so are too many")
    func refused() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let path = "/foundry/v1/apps/\(guid)/log-drains"
            for body in [#"{"url":"http://a"}"#, "{}", #"{"url":"syslog://a/b"}"#] {
                #expect(try await bench.call(.post, path, body).error?.code == .badRequest)
            }
            #expect(try await bench.call(.post, path, #"{"ulr":"syslog://a"}"#).error?.code == .unknownField)
            for number in 1...8 { _ = try await bench.drain(guid, "syslog://127.0.0.1:\(number)") }
            #expect(
                try await bench.call(.post, path, #"{"url":"syslog://127.0.0.1:9"}"#).error?.code == .tooManyRequests)
            #expect(try await bench.call(.post, path, #"{"url":"syslog://127.0.0.1:1"}"#).error?.code == .nameTaken)
            #expect(try await bench.call(.delete, "/foundry/v1/log-drains/none").error?.code == .notFound)
        }
    }

    @Test("odd names and texts keep a message one message")
    func odd() {
        let line = FoundryClient.LogLine(
            time: WireTime(Timestamp(millisecondsSince1970: 0)), member: "a b\u{7f}é", stream: "stdout", text: "x")
        let frame = SyslogMessage(line: line, host: "", app: String(repeating: "a", count: 60)).frame
        #expect(
            String(decoding: frame, as: UTF8.self)
                == "98 <14>1 1970-01-01T00:00:00.000Z - \(String(repeating: "a", count: 48)) a_b__ stdout - x")
    }
}

extension Bench {
    /// Adds a drain and gives its guid.
    func drain(_ app: String, _ url: String) async throws -> String {
        let reply = try await call(.post, "/foundry/v1/apps/\(app)/log-drains", "{\"url\":\"\(url)\"}")
        #expect(reply.status == 201, "\(reply.text)")
        return try reply.decoded(LogDrainSummary.self).guid
    }

    /// Runs the drains while the work is done.
    func draining(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let service = LogDrainService(platform: platform, logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            try await work()
        }
    }
}

/// A member's log, as its monitor writes it.
struct MemberLogFile {
    private let path: String

    init(_ bench: Bench) throws {
        let member = try #require(bench.platform.view.members.keys.first)
        path = bench.platform.paths.memberLog(member)
        let directory = bench.platform.paths.member(member)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: path))
    }

    func write(_ text: String, _ stream: String = "stdout") throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("\(WireTime(SystemClock.timestamp()).description) \(stream) F \(text)\n".utf8))
        try file.close()
    }
}

/// A syslog server that reads messages by their length, as RFC 6587 has them.
final class SyslogServer: Sendable {
    private final class Content: Sendable {
        let bytes = Mutex<[UInt8]>([])
        let open = Mutex(0)
    }

    private let content: Content
    let port: Int

    private init(_ content: Content, port: Int) {
        self.content = content
        self.port = port
    }

    static func start(port: Int = 0, tls paths: Paths? = nil) async throws -> SyslogServer {
        let content = Content()
        let context = try paths.map { paths in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(paths.certificate(of: "server")).map {
                        .certificate($0)
                    }, privateKey: .privateKey(try NIOSSLPrivateKey(file: paths.key(of: "server"), format: .pem))))
        }
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.addHandler(Reader(content))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return SyslogServer(content, port: try #require(channel.localAddress?.port))
    }

    var connections: Int { content.open.withLock { $0 } }
    var text: String { String(decoding: content.bytes.withLock { $0 }, as: UTF8.self) }

    /// Those that are whole.
    var messages: [String] {
        var (rest, found): (ArraySlice<UInt8>, [String]) = (content.bytes.withLock { $0 }[...], [])
        while let space = rest.firstIndex(of: 0x20), let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
            rest.count - (space - rest.startIndex) - 1 >= length
        {
            found.append(String(decoding: rest[(space + 1)..<(space + 1 + length)], as: UTF8.self))
            rest = rest[(space + 1 + length)...]
        }
        return found
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let content: Content

        init(_ content: Content) { self.content = content }

        func channelActive(context: ChannelHandlerContext) { content.open.withLock { $0 += 1 } }
        func channelInactive(context: ChannelHandlerContext) { content.open.withLock { $0 -= 1 } }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(unwrapInboundIn(data).readableBytesView)
            content.bytes.withLock { $0 += bytes }
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

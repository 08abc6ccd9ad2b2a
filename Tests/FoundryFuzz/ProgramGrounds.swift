import FoundryModel

@testable import FoundryCell
@testable import FoundryEffects
@testable import FoundryRouter
@testable import FoundryServer

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What other programs and the kernel say.
enum ProgramGrounds {
    /// However the bytes are cut, the same lines come.
    static func log(_ bytes: [UInt8]) {
        var whole = LogLineReader()
        let lines = whole.read(bytes)
        var pieces = LogLineReader()
        let length = Int(bytes.first ?? 0) % 11 + 1
        var cut: [LogLine] = []
        for start in stride(from: 0, to: bytes.count, by: length) {
            cut += pieces.read(bytes[start..<min(bytes.count, start + length)])
        }
        demand(lines == cut, "pieces make other lines")
        demand(lines.allSatisfy { $0.text.utf8.count <= 3 * LogLineReader.longestLine }, "a line without an end")
    }

    static func container(_ bytes: [UInt8]) {
        _ = try? JSONDecoder().decode(Monitor.Answer.self, from: Data(bytes))
        _ = try? JSONDecoder().decode(ContainerRecord.self, from: Data(bytes))
        _ = try? JSONDecoder().decode(ContainerBundle.self, from: Data(bytes))
        let text = String(decoding: bytes, as: UTF8.self)
        if let number = SignalNumber.parse(text) { demand((1...64).contains(number), "no signal has this number") }
    }

    static func proxy(_ bytes: [UInt8]) {
        let choice = Choice(bytes)
        switch choice.name {
        case "servers": _ = try? ProxyAnswers.servers(choice.text)
        case "map": _ = try? ProxyAnswers.map(choice.text, .loopback)
        case "connections": _ = try? ProxyAnswers.connections(choice.text)
        case "info": _ = try? ProxyAnswers.identity(choice.text)
        default: _ = try? ProxyStatistics.routes(choice.text)
        }
    }

    static func kernel(_ bytes: [UInt8]) {
        let choice = Choice(bytes)
        switch choice.name {
        case "mounts":
            let table = MountTable(parsing: choice.text)
            demand(table.under("/").count <= table.entries.count, "more mounts than there are")
        case "device": _ = DeviceStatistics.parse(choice.text)
        case "process": _ = ProcessIdentity.parse(choice.text)
        case "usage": _ = ProcessMetrics.parse(choice.text)
        default:
            if let identity = ProcessIdentity(parsing: choice.text) {
                demand(identity.pid > 0, "no process has this number")
            }
        }
    }
}

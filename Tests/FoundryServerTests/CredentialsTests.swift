import CFoundryLinux
import Foundation
import Testing

@testable import FoundryServer

@Suite("Credentials that an image made")
struct CredentialsTests {
    @Test("are read inside the member's root only: no link, no pipe, no way out")
    func inside() throws {
        let root = "/var/tmp/foundry-inside-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: "\(root)/data", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        try "user=postgres\n".write(toFile: "\(root)/data/credentials", atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(atPath: "\(root)/data/link", withDestinationPath: "/etc/hostname")
        try FileManager.default.createSymbolicLink(atPath: "\(root)/out", withDestinationPath: "/etc")
        mkfifo("\(root)/data/pipe", 0o600)
        let place = foundry_open_place(root)
        defer { close(place) }
        #expect(kind(place, "/data/credentials") == 1)
        #expect(kind(place, "/../../../../../data/credentials") == 1, "above the root is the root")
        #expect(kind(place, "/data/pipe") == 0, "and opening it does not block")
        #expect(kind(place, "/data") == 0)
        for path in ["/data/link", "/out/hostname", "/etc/hostname", "/data/none", "/../etc/hostname"] {
            #expect(kind(place, path) == nil, "\(path)")
        }
        #expect(foundry_open_place("\(root)/data/credentials") == -1)
    }

    @Test("are name=value lines; a value may hold anything but a line break")
    func values() {
        #expect(
            Credentials.values("user=a\npassword=b=c d\n\nnothing\n=x\ndbname=") == [
                "user": "a", "password": "b=c d", "": "x", "dbname": "",
            ])
    }

    @Test("of an app without a volume, or not running, are not there")
    func missing() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push("applications: [{name: tool, image: tool, no-route: true}]")
            let reply = try await bench.call(.get, "/foundry/v1/apps/\(guid)/credentials")
            #expect(
                reply.status == 404 && reply.error?.code == .notFound && reply.error?.message.contains("tool") == true)
            let other = try await bench.push(bench.redis)
            #expect(try await bench.call(.get, "/foundry/v1/apps/\(other)/credentials").error?.code == .notFound)
        }
    }

    /// 1 a file, 0 something else; nil when it cannot be opened.
    private func kind(_ root: Int32, _ path: String) -> Int32? {
        let file = foundry_open_inside(root, path)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return foundry_is_file(file)
    }
}

import FoundryModel
import Testing

@testable import FoundryCommandLine

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("Writing the service file", .serialized)
struct PostgresServiceFileTests {
    private let demo = PostgresService(
        name: "demo", host: "127.0.0.1", port: 20_000, database: "db", user: "u", password: "p")

    private func inDirectory(_ work: (String) throws -> Void) throws {
        let directory = "/var/tmp/foundry-service-file-\(UInt64.random(in: 0...(.max)))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try work(directory)
    }

    private func mode(of path: String) throws -> Int {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return Int(status.st_mode & 0o777)
    }

    @Test("a new file is readable by its owner only")
    func new() throws {
        try inDirectory { directory in
            let path = "\(directory)/service.conf"
            try PostgresServiceFile(path: path).write(demo)
            #expect(try mode(of: path) == 0o600)
            #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("[demo]\n"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["service.conf"])
        }
    }

    @Test("a file that others could read is theirs no more, and a link stays a link")
    func link() throws {
        try inDirectory { directory in
            let (real, link) = ("\(directory)/real", "\(directory)/link")
            try "[other]\nhost=x\n".write(toFile: real, atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: real)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: real)
            try PostgresServiceFile(path: link).write(demo)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == real)
            #expect(try mode(of: real) == 0o600)
            #expect(try String(contentsOfFile: real, encoding: .utf8).hasPrefix("[other]\nhost=x\n\n[demo]\n"))
        }
    }

    @Test("a file that is no text is left as it is")
    func noText() throws {
        try inDirectory { directory in
            let path = "\(directory)/service.conf"
            try Data([0x5b, 0xff, 0x00]).write(to: URL(filePath: path))
            let error = try #require(throws: FoundryError.self) { try PostgresServiceFile(path: path).write(demo) }
            #expect(error.message.contains("not UTF-8"))
            #expect(try Data(contentsOf: URL(filePath: path)) == Data([0x5b, 0xff, 0x00]))
        }
    }

    @Test("the place is that of libpq")
    func place() throws {
        #expect(try PostgresServiceFile.ofUser { ["PGSERVICEFILE": "/x/y", "HOME": "/h"][$0] }.path == "/x/y")
        #expect(try PostgresServiceFile.ofUser { ["HOME": "/h"][$0] }.path == "/h/.pg_service.conf")
        #expect(throws: FoundryError.self) { try PostgresServiceFile.ofUser { _ in nil } }
    }
}

import FoundryEffects
import Glibc

@testable import FoundrySupervisor

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

func directoryNames(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
}

/// A directory that is there while the body runs.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = "/var/tmp/foundry-setup-test-\(Secrets.hexadecimal(bytes: 4))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// Permission bits; nil when it is not there.
func mode(_ path: String) -> UInt32? {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_mode & 0o777 : nil
}

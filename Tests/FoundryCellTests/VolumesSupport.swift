import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import SystemPackage
import Testing

@testable import FoundryCell

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// An installation of a test's own: a data directory with a small pool, removed whole afterwards.
struct Ground: Sendable {
    static let machine = "machine-of-the-tests"
    static let poolSize = ByteCount.megabytes(400)

    let paths: Paths
    let configuration: PoolConfiguration

    init(_ configuration: PoolConfiguration = .file(size: Self.poolSize)) {
        let digits = String(UInt32.random(in: 0..<(1 << 24)), radix: 16)
        let instance = String(repeating: "0", count: 6 - digits.count) + digits
        paths = Paths(data: "/var/tmp/foundry-test-\(instance)", instance: instance)
        self.configuration = configuration
    }

    var places: VolumePlaces { VolumePlaces(paths) }

    /// As a fresh process of the cell has it.
    func pool(releaseLimit: Duration = .seconds(5)) -> VolumePool {
        VolumePool(paths: paths, configuration: configuration, command: Command(), releaseLimit: releaseLimit)
    }

    func withOpenPool(_ body: (VolumePool) async throws -> Void) async throws {
        try await cleaningUp {
            let pool = pool()
            try await pool.open()
            try await body(pool)
        }
    }

    /// What is mounted below is unmounted everywhere when it is unmounted here, also in mount namespaces that others made in between: their cells
    /// and containers would keep it otherwise.
    func cleaningUp(_ body: () async throws -> Void) async throws {
        for path in [paths.data, paths.run] {
            try HostFiles.makeDirectory(path)
            try await Command().run("mount", ["--bind", "--make-shared", path, path])
        }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        try await pool().removeEverything()
        for path in [paths.data, paths.run] {
            #expect(foundry_unmount_lazily(path) == 0)
            try HostFiles.removeTree(path)
        }
        try outcome.get()
    }

    static func order(
        _ name: String, megabytes: Int64 = 32, lineage: String? = nil, epoch: UInt64 = 1, directories: [String] = []
    ) throws -> VolumeOrder {
        let lineage = try #require(LineageID(lineage ?? "lineage-\(name)"))
        return VolumeOrder(
            id: try #require(VolumeID(name)), lineage: lineage, branch: 0, epoch: Epoch(epoch),
            size: .megabytes(megabytes),
            directories: directories, purpose: .keep)
    }

    static func label(_ order: VolumeOrder, epoch: UInt64, sealed: Bool = false) -> VolumeLabel {
        VolumeLabel(
            volume: order.id, lineage: order.lineage, branch: order.branch, epoch: Epoch(epoch), role: .holder,
            sealed: sealed,
            machineID: machine, size: order.size)
    }
}

extension VolumePool {
    @discardableResult
    func create(_ order: VolumeOrder) async throws -> VolumeObservation {
        try await create(order, owner: (uid: 999, gid: 998), machineID: Ground.machine)
    }
}

/// Writes zeros to a file until the limit or an error; brings them to the disk.
///
/// - Returns: how much was written, and the error.
func fill(_ path: String, upTo limit: ByteCount) throws -> (written: ByteCount, problem: Errno?) {
    let descriptor = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    defer { try? descriptor.close() }
    let block = [UInt8](repeating: 7, count: 1 << 20)
    var written: Int64 = 0
    while written < limit.bytes {
        do { written += Int64(try block.withUnsafeBytes { try descriptor.write($0) }) } catch let problem as Errno {
            return (ByteCount(bytes: written), problem)
        }
    }
    return (ByteCount(bytes: written), fsync(descriptor.rawValue) == 0 ? nil : Errno(rawValue: errno))
}

func bytes(of path: String) -> Data? { FileManager.default.contents(atPath: path) }

/// Asks for an error of this code.
func expect(_ code: ErrorCode, _ work: () async throws -> Void, _ location: SourceLocation = #_sourceLocation) async {
    do {
        try await work()
        Issue.record("nothing was refused; \(code.rawValue) was expected", sourceLocation: location)
    } catch let error as FoundryError {
        #expect(error.code == code, "\(error)", sourceLocation: location)
    } catch {
        Issue.record("\(error)", sourceLocation: location)
    }
}

let isRoot = geteuid() == 0

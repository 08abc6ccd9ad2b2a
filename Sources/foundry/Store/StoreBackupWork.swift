import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryServer
import FoundryStore
import FoundrySupervisor
import Glibc
import SystemPackage

/// Takes a backup of the store: by the server's word while there is one, from the file otherwise.
struct StoreBackupWork {
    struct Answer: Codable {
        var file: String
        var installation: String
        var generation: UInt16
        var revision: Int64
        var takenAt: Timestamp
        var bytes: Int64

        init(_ file: String, _ header: StoreBackupHeader) {
            self.file = file
            installation = header.installation
            generation = header.generation
            revision = header.revision
            takenAt = Timestamp(millisecondsSince1970: header.takenAt)
            bytes = header.bytes
        }
    }

    let paths: Paths
    let configuration: PlatformConfiguration

    /// - Throws: `conflict` when something is at the place and must not be replaced; what the store throws.
    func run(file: String, force: Bool) async throws(FoundryError) -> Answer {
        let file = AbsolutePath.of(file)
        guard force || !AbsolutePath.isThere(file) else {
            throw FoundryError(
                .conflict, "\(file) is there already, and is left as it is.",
                hint: "choose another name, or --force replaces it")
        }
        if PidFile.live(paths.pidFile("server")) != nil {
            do throws(FoundryError) { return Answer(file, try await ask(file)) } catch {
                // A server that cannot open its store dies again and again, and never answers.
                guard [.notRunning, .unreachable].contains(error.code) else { throw error }
            }
        }
        return Answer(file, try await StoreCare(paths).backUp(to: file))
    }

    private func ask(_ file: String) async throws(FoundryError) -> StoreBackupHeader {
        let target = try InstallationKeys.read(paths).target(url: "https://127.0.0.1:\(configuration.apiPort)")
        let api = try FoundryAPI(target)
        let outcome: Result<StoreBackupHeader, FoundryError>
        do throws(FoundryError) { outcome = .success(try await receive(api, file)) } catch { outcome = .failure(error) }
        await api.close()
        return try outcome.get()
    }

    /// Verified before it has its name.
    private func receive(_ api: FoundryAPI, _ file: String) async throws(FoundryError) -> StoreBackupHeader {
        let temporary = file + ".new"
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(temporary), .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
                permissions: .ownerReadWrite)
            defer { try? descriptor.close() }
            try await api.storeBackup { piece in
                do { try descriptor.writeAll(piece) } catch { throw Self.failure(temporary, error) }
            }
            try DurableFile.sync(descriptor)
            let header: StoreBackupHeader
            do throws(StoreError) { header = try StoreBackupFile.verify(temporary) } catch {
                throw FoundryError(backup: error)
            }
            try DurableFile.rename(temporary, to: file)
            return header
        } catch {
            _ = unlink(temporary)
            throw Self.failure(file, error)
        }
    }

    private static func failure(_ file: String, _ error: any Error) -> FoundryError {
        if let error = error as? FoundryError { return error }
        let isFull = (error as? Errno) == .noSpace
        return FoundryError(
            isFull ? .diskFull : .machineUnfit, "\(file) cannot be written.", detail: "\(error)",
            hint: isFull ? "df -h shows where there is room" : "ls -ld shows the rights of its directory")
    }
}

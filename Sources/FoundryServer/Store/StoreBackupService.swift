import FoundryEffects
import FoundryModel
import FoundryStore
import Logging
import ServiceLifecycle

/// Takes backups by itself, for as long as the server runs.
struct StoreBackupService: Service {
    private static let pause = Duration.seconds(60)

    let platform: Platform
    let logger: Logger

    func run() async throws {
        BackupFolder(platform.paths).clear()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await rotate()
                guard (try? await SystemClock.sleep(Self.pause)) != nil else { return }
            }
        }
    }

    /// What fails is tried again; the platform serves without it.
    private func rotate() async {
        do throws(FoundryError) {
            if try await platform.backups.rotate(platform.view) { logger.info("backup of the store taken") }
        } catch {
            logger.warning("no backup of the store could be taken", metadata: ["error": "\(error)"])
        }
    }
}

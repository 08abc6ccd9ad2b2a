import FoundryModel
import Logging
import Synchronization

/// The images that lie on this machine, read again when their layout changed.
final class LocalImages: Sendable {
    private struct Read {
        var stamp: OCILayout.Stamp
        var images: [ResolvedImage]
    }

    private let layout: OCILayout
    private let logger: Logger
    private let read = Mutex<Read?>(nil)

    init(_ layout: OCILayout, logger: Logger) {
        self.layout = layout
        self.logger = logger
    }

    /// Sorted by name.
    func all() -> [ResolvedImage] {
        let stamp = layout.stamp
        if let read = read.withLock({ $0 }), read.stamp == stamp { return read.images }
        let (images, problems) = layout.images()
        for problem in problems { logger.warning("an image is passed over", metadata: ["error": "\(problem)"]) }
        read.withLock { $0 = Read(stamp: stamp, images: images) }
        return images
    }
}

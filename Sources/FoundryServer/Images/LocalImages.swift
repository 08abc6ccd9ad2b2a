import FoundryEffects
import FoundryModel
import Logging
import Synchronization

/// An image of a layout, with what only the layout says of it.
struct LocalImage: Sendable {
    var image: ResolvedImage
    /// `MariaDB`, and `10.11.19`; nil where nobody said it.
    var engine: String?
    var version: String?
    /// nil for a bundled one.
    var origin: ImageOrigin?
}

/// The images that lie on this machine, read again when their layout changed.
final class LocalImages: Sendable {
    private struct Read {
        var stamp: OCILayout.Stamp
        var images: [LocalImage]
    }

    private let layout: OCILayout
    private let logger: Logger
    private let read = Mutex<Read?>(nil)

    init(_ layout: OCILayout, logger: Logger) {
        self.layout = layout
        self.logger = logger
    }

    /// Sorted by name.
    func all() -> [LocalImage] {
        let stamp = layout.stamp
        if let read = read.withLock({ $0 }), read.stamp == stamp { return read.images }
        let (images, problems) = layout.images()
        for problem in problems { logger.warning("an image is passed over", metadata: ["error": "\(problem)"]) }
        read.withLock { $0 = Read(stamp: stamp, images: images) }
        return images
    }
}

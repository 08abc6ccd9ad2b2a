import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ImageShelf {
    func hasBlob(_ layer: ImageLayer) -> Bool { FileManager.default.fileExists(atPath: layout.blob(layer.digest)) }

    /// The names of all blobs, without `sha256:`.
    func blobsHere() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(layout.path)/blobs/sha256")) ?? []
    }
}

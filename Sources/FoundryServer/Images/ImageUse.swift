import FoundryModel
import Synchronization

/// Keeps a push and the removal of an image apart: between the look at what lies here and the record of the app, no image goes.
final class ImageUse: Sendable {
    /// Held while a push is on its way.
    final class Token: Sendable {
        private let use: ImageUse

        fileprivate init(_ use: ImageUse) { self.use = use }
        deinit { use.count.withLock { $0 -= 1 } }
    }

    private let count = Mutex(0)

    func begin() -> Token {
        count.withLock { $0 += 1 }
        return Token(self)
    }

    /// No push begins while the body runs.
    ///
    /// - Throws: `conflict` when one is on its way; what the body throws.
    func exclusively<Result>(_ body: () throws(FoundryError) -> Result) throws(FoundryError) -> Result {
        let result: Swift.Result<Result, FoundryError> = count.withLock { count in
            guard count == 0 else {
                return .failure(
                    FoundryError(
                        .conflict, "A push is being prepared, which may need the image.", hint: "try again in a moment")
                )
            }
            do throws(FoundryError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

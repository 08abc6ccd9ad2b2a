import FoundryModel

/// What skopeo and the registries behind it say, told apart.
///
/// - Source: the words of skopeo 1.9 and of containers/image; the error codes of the OCI distribution specification.
public enum RegistryFailure {
    private static let full = ["no space left on device", "disk quota exceeded"]
    private static let mismatched = [
        "digest did not match", "does not match the digest", "manifest verification failed", "invalid checksum",
        "does not match provided manifest digest", "blob size mismatch",
    ]
    private static let denied = [
        "unauthorized", "resource is denied", "access denied", "authentication required", "invalid username/password",
        "status code: 401", "401 (",
        "403 (", "forbidden",
    ]
    private static let unknown = [
        "manifest unknown", "name unknown", "not found", "repository name not known", "invalid repository name",
    ]
    private static let cut = ["unexpected eof", "connection reset", "stream error", "http2: ", "broken pipe"]
    /// Before anything came.
    private static let greeting = "pinging container registry"

    /// - Parameter image: its full name.
    /// - Parameter words: all that skopeo said.
    /// - Returns: `disk_full`, `image_mismatch`, `image_denied`, `image_unknown`, `image_interrupted` or `image_unreachable`.
    public static func error(_ image: String, _ words: String) -> FoundryError {
        let detail = detail(words)
        let words = words.lowercased()
        let says = { (any: [String]) in any.contains(where: words.contains) }
        if says(full) { return diskFull(image, detail) }
        if says(mismatched) {
            return FoundryError(
                .imageMismatch, "What the registry sent of \(image) is not what its digest says.", detail: detail,
                hint: "push the image to its registry again; nothing was changed here")
        }
        if says(denied) {
            return FoundryError(
                .imageDenied,
                "The registry does not show \(image) to whoever asks: it is private, or the name or password is wrong.",
                detail: detail, hint: "foundry image pull \(image) --username NAME")
        }
        if !words.contains(greeting), says(unknown) {
            return FoundryError(
                .imageUnknown, "The registry does not know \(image).", detail: detail,
                hint: "check the name and the tag")
        }
        if !words.contains(greeting), says(cut) || words.hasSuffix("eof") {
            return FoundryError(
                .imageInterrupted, "The registry broke off in the middle of \(image).", detail: detail,
                hint: "try again; nothing was changed, and nothing of it is kept")
        }
        return FoundryError(
            .imageUnreachable, "The registry of \(image) cannot be reached.", detail: detail,
            hint: "is the host right, and does this machine reach it? `foundry images` lists what is here")
    }

    /// The same of a file.
    public static func archive(_ file: String, _ words: String) -> FoundryError {
        let detail = detail(words)
        let words = words.lowercased()
        if full.contains(where: words.contains) { return diskFull(file, detail) }
        if mismatched.contains(where: words.contains) {
            return FoundryError(
                .imageMismatch, "What \(file) holds is not what its digests say.", detail: detail,
                hint: "make the archive again; nothing was changed here")
        }
        return FoundryError(
            .imageUnsupported, "\(file) is no archive of one image.", detail: detail,
            hint: "skopeo copy SOURCE oci-archive:FILE, or docker save --output FILE IMAGE (not packed with gzip)")
    }

    private static func diskFull(_ image: String, _ detail: String) -> FoundryError {
        FoundryError(
            .diskFull, "The machine has no room for \(image).", detail: detail,
            hint: "`foundry image rm NAME` frees some; `foundry images` lists what is here")
    }

    private static func detail(_ words: String) -> String {
        String(words.split(separator: "\n").last?.suffix(400) ?? "")
    }
}

import FoundryEffects
import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The keys whose releases somebody took here, and which of them signed each release last.
///
/// A file of lines: `key FINGERPRINT AUTHOR`, `release NAME FINGERPRINT`.
public struct TrustedAuthors: Hashable, Sendable {
    public enum Decision: Hashable, Sendable {
        case trusted
        /// Somebody has to say so first: the fingerprint, or that an unsigned release is well.
        case ask(FoundryError)
        /// Asking is not enough: it has to be said with the command.
        case refused(FoundryError)
    }

    /// Author by fingerprint.
    private(set) var keys: [String: String] = [:]
    private(set) var releases: [String: String] = [:]

    public init() {}

    /// - Parameter said: the fingerprint that was given with `--trust`.
    public func decide(_ name: AppName, signer: ReleaseSigner?, said: String?) -> Decision {
        guard let signer else {
            let last = releases[name.description]
            let error = FoundryError(
                .releaseUntrusted,
                last == nil
                    ? "Nobody signed the release \(name)."
                    : "Nobody signed this release of \(name); the last one was signed.",
                hint: "--unsigned, if you know where it comes from")
            return last == nil ? .ask(error) : .refused(error)
        }
        if said == signer.fingerprint { return .trusted }
        if said != nil {
            return .refused(
                FoundryError(
                    .releaseUntrusted, "The release \(name) is signed by another key, \(signer.fingerprint).",
                    hint: "get it again, or ask its author"))
        }
        if let last = releases[name.description], last != signer.fingerprint {
            return .refused(
                FoundryError(
                    .releaseUntrusted, "The release \(name) was signed by \(last), and now by \(signer.fingerprint).",
                    hint: "ask its author; then --trust \(signer.fingerprint)"))
        }
        if keys[signer.fingerprint] != nil { return .trusted }
        return .ask(
            FoundryError(
                .releaseUntrusted,
                "The release \(name) is signed by \(signer.fingerprint), which is not trusted here yet.",
                hint: "--trust \(signer.fingerprint), once you compared it with what its author says"))
    }

    /// From now on its releases are taken without a question, and those of this name from nobody else.
    public mutating func trust(_ signer: ReleaseSigner, for name: AppName) {
        keys[signer.fingerprint] = signer.author
        releases[name.description] = signer.fingerprint
    }

    /// - Throws: `release_untrusted` for a line that cannot be read. The file is left as it is.
    public static func read(_ file: String) throws(FoundryError) -> TrustedAuthors {
        guard FileManager.default.fileExists(atPath: file) else { return TrustedAuthors() }
        guard let bytes = FileManager.default.contents(atPath: file), bytes.count <= 1 << 20,
            let text = String(validating: bytes, as: UTF8.self), let authors = TrustedAuthors(parsing: text)
        else {
            throw FoundryError(
                .releaseUntrusted, "The list of trusted authors cannot be read; it is left as it is.", detail: file,
                hint: "mend it, or move it away")
        }
        return authors
    }

    init?(parsing text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count >= 2 else { return nil }
            switch words[0] {
            case "key" where ReleaseSigner.isFingerprint(words[1]): keys[words[1]] = words.count > 2 ? words[2] : ""
            case "release" where words.count == 3 && AppName(words[1]) != nil && ReleaseSigner.isFingerprint(words[2]):
                releases[words[1]] = words[2]
            default: return nil
            }
        }
    }

    var text: String {
        let lines =
            keys.sorted { $0.key < $1.key }.map { $0.value.isEmpty ? "key \($0.key)" : "key \($0.key) \($0.value)" }
            + releases.sorted { $0.key < $1.key }.map { "release \($0.key) \($0.value)" }
        return lines.map { $0 + "\n" }.joined()
    }

    public func write(_ file: String) throws(FoundryError) {
        do {
            try FileManager.default.createDirectory(
                atPath: FilePath(file).removingLastComponent().string, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            try DurableFile.write(text.utf8, to: file)
        } catch {
            throw FoundryError(
                .internalError, "The list of trusted authors cannot be written.", detail: "\(file): \(error)")
        }
    }
}

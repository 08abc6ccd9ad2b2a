import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What we keep in a data directory.
public enum DataDirectory {
    private static let names: Set<String> = [
        "config.json", "tls", "tls.new", "token", "cell-id", "machine-id", "pool.img", "pool", "images", "layers",
        "uploads", "members", "journal", "log", "lock", "trash", "generation", "backups", "secrets.key",
    ]

    static func isOurs(_ name: String) -> Bool {
        names.contains(name) || name.hasPrefix("store.sqlite")
            || (name.hasSuffix(".new") && names.contains(String(name.dropLast(4))))
    }

    /// What is in it, ours and others'.
    static func entries(_ data: String) -> (ours: [String], others: [String]) {
        let all = ((try? FileManager.default.contentsOfDirectory(atPath: data)) ?? []).sorted()
        return (all.filter(isOurs), all.filter { !isOurs($0) })
    }
}

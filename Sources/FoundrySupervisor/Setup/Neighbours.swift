import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The other installations that were up on this machine since it booted.
public enum Neighbours {
    /// By instance; from the links in `/run/foundry/*`.
    static func dataDirectories() -> [String: String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Paths.allRuns)) ?? []
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                ProcFile.link("\(Paths.allRuns)/\(name)/data").map { (name, $0) }
            })
    }

    /// - Parameter data: of the one that asks.
    static func claims(except data: String) -> [NetworkClaim] {
        dataDirectories().values.filter { $0 != data }.compactMap { other in
            (try? ConfigurationFile.load(data: other)).map(NetworkClaim.init)
        }
    }

    /// The instance whose run directory leads to a data directory; for one whose `config.json` cannot be read.
    public static func instance(of data: String) -> String? { dataDirectories().first { $0.value == data }?.key }
}

import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a reset would remove; found out before anything is.
public struct ResetPlan: Hashable, Sendable {
    public let data: String
    /// nil: `config.json` cannot be read and the machine was booted since: nothing of it can run.
    public let instance: String?
    /// Names in the data directory that are ours; those by which it is known to be ours are the last.
    public let entries: [String]
    /// Names that are not; they stay.
    public let others: [String]
    /// Layers and pools that lie elsewhere.
    public let elsewhere: [String]
    /// Why `config.json` cannot be read; the rest was guessed.
    public let problem: String?

    private static let marks = ["token", "cell-id", "config.json"]

    public var paths: Paths? { instance.map { Paths(data: data, instance: $0) } }
    var isRepaired: Bool { problem != nil }

    /// - Throws: `not_found` when the directory is not ours.
    public static func make(data: String) throws(FoundryError) -> ResetPlan {
        let (ours, others) = DataDirectory.entries(data)
        var configuration: PlatformConfiguration?
        var problem: String?
        do throws(FoundryError) { configuration = try ConfigurationFile.load(data: data) } catch {
            problem = error.message
        }
        // A broken configuration alone could be anybody's: our keys must lie beside it.
        let isOurs = configuration != nil || (marks.allSatisfy(ours.contains))
        let isHalfMade = !ours.contains("config.json") && ours.contains("cell-id") && others.isEmpty
        guard isOurs || isHalfMade else {
            throw FoundryError(.notFound, "\(data) is not a data directory of ours.", hint: "name it by --data")
        }
        return ResetPlan(
            data: data, instance: configuration?.instance ?? Neighbours.instance(of: data),
            entries: ours.filter { !marks.contains($0) } + marks.filter(ours.contains), others: others,
            elsewhere: configuration.map(elsewhere) ?? [], problem: problem)
    }

    /// One sentence for each thing, for the person who is asked.
    public var sentences: [String] {
        var lines: [String] = []
        if let problem {
            lines.append(
                "\(problem) So a pool on a device or in another directory, and layers elsewhere, are not known and stay."
            )
        }
        if let paths, let instance {
            lines.append("every member, route, network and volume of instance \(instance), with all data in them")
            lines.append(paths.run)
        } else {
            lines.append(
                "the instance's name is not known: a target in the command line's configuration and a systemd unit may stay"
            )
        }
        lines += entries.map { "\(data)/\($0)" } + elsewhere
        if !others.isEmpty { lines.append("not removed, because not ours: \(others.joined(separator: ", "))") }
        return lines
    }

    private static func elsewhere(_ configuration: PlatformConfiguration) -> [String] {
        switch configuration.pool {
        case .file: []
        case .device(let path): ["what is ours on the device \(path)"]
        case .directory(let path): ["what is ours in \(path)"]
        }
    }

    /// Puts a readable configuration in place of the broken one, which is kept aside: the teardown asks for names, which come from the instance.
    func repair(_ paths: Paths) throws(FoundryError) {
        let broken = Paths.configuration(of: data)
        try? FileManager.default.moveItem(atPath: broken, toPath: "\(paths.run)/config.json.broken")
        let configuration = PlatformConfiguration(
            instance: paths.instance, apiPort: NetworkChoice.preferredAPIPort,
            cellPort: NetworkChoice.preferredAPIPort + 1, subnet: "10.64.0",
            routes: RouteConfiguration(
                firstPort: NetworkChoice.preferredRoutes.lowerBound, lastPort: NetworkChoice.preferredRoutes.upperBound),
            pool: .file(size: PlatformConfiguration.smallestPool), bundledImages: UpOptions.usualImages,
            layers: "\(data)/layers")
        try ConfigurationFile.save(configuration, data: data)
    }
}

import FoundryModel
import FoundryRules

extension ReleaseShape {
    static let name = ReleaseShape("a name", "postgresql", pattern: "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$") {
        AppName($0) != nil
    }
    static let version = ReleaseShape("a version", "1.0.0", pattern: "^[0-9]{1,6}\\.[0-9]{1,6}\\.[0-9]{1,6}$") {
        ReleaseVersion($0) != nil
    }
    static let planName = ReleaseShape(
        "a plan's name", "small, 3-servers", pattern: "^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$"
    ) {
        PlanName($0) != nil
    }
    /// Of parameters, values and secrets: also a part of a variable's name.
    static let parameterName = ReleaseShape("a name", "max_connections", pattern: "^[a-z][a-z0-9_]{0,62}$") { text in
        guard let first = text.utf8.first, (0x61...0x7a).contains(first), text.utf8.count <= 63 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
    }
    static let fieldName = ReleaseShape("a field's name", "uri, jdbcUrl", pattern: "^[A-Za-z][A-Za-z0-9_]{0,62}$") {
        text in
        guard let first = text.first, first.isASCII, first.isLetter, text.utf8.count <= 63 else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
    static let verb = ReleaseShape("a verb", "alive", pattern: "^[a-z][a-z0-9-]{0,62}$") { ReleaseFiles.isVerb($0) }
    static let tag = ReleaseShape("a tag", "sql", pattern: "^[a-z0-9][a-z0-9.+-]{0,39}$") { text in
        let isPlain = { (byte: UInt8) in (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) }
        guard let first = text.utf8.first, isPlain(first), text.utf8.count <= 40 else { return false }
        return text.utf8.allSatisfy { isPlain($0) || [0x2e, 0x2b, 0x2d].contains($0) }
    }
    static let link = ReleaseShape(
        "an address of a page", "https://example.org/docs", pattern: "^https?://[!-~]{1,500}$"
    ) { text in
        (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 508
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
    static let localImage = ReleaseShape("the name of an image that lies here", "postgresql:15") { text in
        ImageReference(parsing: text).map { $0.digest == nil } ?? false
    }
    static let pinnedImage = ReleaseShape(
        "an image of a registry by its digest", "registry.example/team/name@sha256:...",
        pattern: "@sha256:[0-9a-f]{64}$"
    ) { text in ImageReference(parsing: text).map { $0.registry != nil && $0.digest != nil } ?? false }
    static let entry = ReleaseShape(
        "a name of a file or directory of the release", "image", pattern: "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"
    ) { ReleaseFiles.isComponent($0) && !["verbs", "templates", "drill", "release.yml"].contains($0) }

    static let memory = size("memory", SpecRule.memoryLimits)
    static let disk = size("a disk", SpecRule.diskLimits)
    static let cpu = ReleaseShape("an amount of cores", "2, 0.5, 250m", pattern: "^([0-9]+(\\.[0-9]+)?|[0-9]+m)$") {
        Millicores(parsing: $0).map { SpecRule.cpuLimits.contains($0.count) } ?? false
    }
    static let path = ReleaseShape("an absolute path that a disk can be mounted at", "/data", pattern: "^/.") { text in
        do throws(FoundryError) {
            return try MountRule.path(text) == text ? nil : .shape
        } catch {
            return .other(error.message)
        }
    }
    static let diskSync = ReleaseShape(
        "a way to sync", "immediate, normal, defer, defer:500", pattern: "^(immediate|normal|defer(:[0-9]{2,5})?)$"
    ) { DiskSync(parsing: $0) != nil }

    static let interval = duration(HealthRule.intervals)
    static let timeout = duration(HealthRule.timeouts)
    static let startPeriod = duration(HealthRule.startPeriods)

    private static func size(_ what: String, _ limits: ClosedRange<ByteCount>) -> ReleaseShape {
        ReleaseShape("a size", "512M, 2G", pattern: "^[0-9]+(\\.[0-9]+)?([KkMmGgTt]([Ii]?[Bb])?)?$") { text in
            guard let size = ByteCount(parsing: text) else { return .shape }
            guard limits.contains(size) else {
                return .other("\(size) is outside the limits of \(what), \(limits.lowerBound) to \(limits.upperBound)")
            }
            return nil
        }
    }

    private static func duration(_ limits: ClosedRange<Int64>) -> ReleaseShape {
        ReleaseShape("a length of time", "500ms, 10s, 1m", pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m)?$") { text in
            guard let milliseconds = DurationText.milliseconds(text) else { return .shape }
            guard limits.contains(milliseconds) else {
                return .other("\(text) is outside its limits, \(limits.lowerBound) to \(limits.upperBound) ms")
            }
            return nil
        }
    }
}

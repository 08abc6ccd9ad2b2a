import FoundryModel

extension PlatformConfiguration {
    /// What cannot work in it, as the end of a sentence; nil when nothing is wrong.
    public var problem: String? {
        for problem in [identityProblem, portProblem, poolProblem, limitProblem, timingProblem] {
            if let problem { return problem }
        }
        return nil
    }

    private var identityProblem: String? {
        let digits = instance.utf8
        guard digits.count == 6, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            return "instance is not six of 0-9a-f"
        }
        let numbers = subnet.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 3, numbers.allSatisfy({ $0 != nil }) else {
            return "subnet is not three numbers like 10.77.3"
        }
        for (key, path) in [("bundledImages", bundledImages), ("layers", layers)] where !path.hasPrefix("/") {
            return "\(key) is not an absolute path"
        }
        return nil
    }

    private var portProblem: String? {
        var ranges = [("apiPort", apiPort...apiPort), ("cellPort", cellPort...cellPort)]
        guard routes.firstPort <= routes.lastPort else { return "routes.firstPort is greater than routes.lastPort" }
        ranges.append(("routes", routes.firstPort...routes.lastPort))
        if let range = routes.publicRange {
            guard range.firstPort <= range.lastPort else {
                return "routes.publicRange.firstPort is greater than its lastPort"
            }
            ranges.append(("routes.publicRange", range.firstPort...range.lastPort))
        }
        for (name, range) in ranges {
            guard range.lowerBound >= 1, range.upperBound <= 65_535 else { return "\(name) is outside 1 to 65535" }
            guard range.count <= 4096 else { return "\(name) has more than 4096 ports" }
        }
        for (index, one) in ranges.enumerated() {
            for other in ranges[(index + 1)...] where one.1.overlaps(other.1) {
                return "\(one.0) and \(other.0) overlap"
            }
        }
        return nil
    }

    private var poolProblem: String? {
        switch pool {
        case .file(let size): size < Self.smallestPool ? "a pool needs at least \(Self.smallestPool)" : nil
        case .device(let path), .directory(let path): path.hasPrefix("/") ? nil : "the pool's path is not absolute"
        }
    }

    private var limitProblem: String? {
        if !(0...3650).contains(volumeGraceDays) { return "volumeGraceDays is outside 0 to 3650" }
        if logFileSize < .megabytes(1) { return "logFileSize is less than 1 MiB" }
        if restart.firstDelayMilliseconds < 1 || restart.longestDelayMilliseconds < restart.firstDelayMilliseconds {
            return "restart's delays are not in order"
        }
        if restart.endsUntilCrashed < 1 || restart.crashedDelayMilliseconds < 1 || restart.settledMilliseconds < 0 {
            return "restart's limits are not positive"
        }
        return nil
    }

    private var timingProblem: String? {
        guard let timing else { return nil }
        do throws(FoundryError) { try timing.check() } catch { return error.message.trimmingSuffix(".") }
        return "timing is of the sessions between several machines, and this platform is of one: leave it out"
    }

    /// Less, and btrfs has no room for itself.
    public static let smallestPool = ByteCount.megabytes(256)
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

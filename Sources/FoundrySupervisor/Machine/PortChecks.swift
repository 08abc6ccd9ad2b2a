import FoundryEffects
import FoundryModel

/// The ports of an installation: ours to listen on, unless we do already.
enum PortChecks {
    static func findings(_ configuration: PlatformConfiguration, paths: Paths) -> [Finding] {
        let server = PidFile.live(paths.pidFile("server")) != nil
        let proxy = PidFile.live(paths.pidFile("haproxy")) != nil
        var findings = [
            finding("API", configuration.apiPort...configuration.apiPort, "127.0.0.1", key: "apiPort", isOurs: server),
            finding(
                "cells", configuration.cellPort...configuration.cellPort, "127.0.0.1", key: "cellPort", isOurs: server),
            finding(
                "routes", configuration.routes.firstPort...configuration.routes.lastPort, "127.0.0.1", key: "routes",
                isOurs: proxy),
        ]
        if let range = configuration.routes.publicRange {
            findings.append(
                finding(
                    "public routes", range.firstPort...range.lastPort, range.address, key: "routes.publicRange",
                    isOurs: proxy))
        }
        return findings
    }

    private static func finding(
        _ name: String, _ range: ClosedRange<Int>, _ address: String, key: String, isOurs: Bool
    ) -> Finding {
        let check = "ports for \(name)"
        let label =
            "\(address):" + (range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)")
        guard !isOurs else { return Finding(check, .ok, found: "\(label) is ours", isNecessary: true) }
        let taken = TCPPort.taken(range, address: address)
        let shown =
            taken.prefix(5).map(String.init).joined(separator: ", ")
            + (taken.count > 5 ? " and \(taken.count - 5) more" : "")
        return .necessary(
            check, taken.isEmpty,
            found: taken.isEmpty ? "\(label) is free" : "in use or not of this machine on \(address): \(shown)",
            consequence: "nothing can be reached there",
            remedy:
                "`ss -ltnp` shows who has it: stop that, or choose others (\(key) in config.json, before the first `up` by its option)"
        )
    }
}

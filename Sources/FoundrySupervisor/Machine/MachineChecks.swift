import FoundryEffects
import FoundryModel

/// Looks at the machine: everything for `doctor`, what is necessary and quick for `up`.
public enum MachineChecks {
    /// What `up` asks before it changes anything: all that is necessary, without versions.
    static func necessary() async -> [Finding] {
        var findings =
            KernelChecks.findings() + (await ProgramChecks.findings(withVersions: false)) + CgroupChecks.findings()
        // A try without root or without the programs says nothing new.
        if !findings.contains(where: \.isFatal) { findings += await Trials.network() }
        return findings
    }

    /// Everything; changes nothing that stays.
    public static func all(data: String) async -> [Finding] {
        let layout = CgroupLayout.read()
        let files = FileChecks.findings(PoolChoice.existing(data))
        // Where no file can be made, a trial says nothing of the machine.
        let trials =
            files.contains(where: \.isFatal)
            ? [] : await Trials.findings(directory: PoolChoice.existing(data), layout: layout)
        return KernelChecks.findings() + CgroupChecks.findings(layout) + trials + HardwareChecks.findings()
            + (await ProgramChecks.findings(withVersions: true)) + [disk(data)] + files + ports(data)
    }

    /// - Throws: `machine_unfit`, naming everything that is missing and what to do about each.
    static func require(_ findings: [Finding]) throws(FoundryError) {
        let missing = findings.filter(\.isFatal)
        guard !missing.isEmpty else { return }
        let words = missing.map { "\($0.check): \($0.found)" }.joined(separator: "; ")
        throw FoundryError(.machineUnfit, "This machine lacks what is needed: \(words).", hint: remedies(missing))
    }

    /// Packages in one command, then the rest, each once.
    static func remedies(_ findings: [Finding]) -> String {
        let install = "apt-get install "
        let all = findings.compactMap(\.remedy)
        var packages: [String] = []
        var others: [String] = []
        for remedy in all {
            if remedy.hasPrefix(install) {
                packages.append(String(remedy.dropFirst(install.count)))
            } else {
                others.append(remedy)
            }
        }
        let lines = (packages.isEmpty ? [] : [install + unique(packages).joined(separator: " ")]) + unique(others)
        return lines.joined(separator: "; ")
    }

    private static func unique(_ texts: [String]) -> [String] {
        texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func disk(_ data: String) -> Finding {
        guard let available = PoolChoice.available(data) else {
            return Finding("disk space", .degraded, found: "unknown")
        }
        let isEnough = available >= .gigabytes(2) || (try? ConfigurationFile.load(data: data)) != nil
        return .necessary(
            "disk space", isEnough, found: "\(available) free at \(PoolChoice.existing(data))",
            consequence: "there is no room for a pool",
            remedy: "make room, or choose another disk by --data")
    }

    private static func ports(_ data: String) -> [Finding] {
        guard let configuration = try? ConfigurationFile.load(data: data) else {
            let isFree = TCPPort.isFree(NetworkChoice.preferredAPIPort)
            return [
                Finding(
                    "port \(NetworkChoice.preferredAPIPort)", .ok,
                    found: isFree ? "free" : "in use; `foundry up` takes another one")
            ]
        }
        return PortChecks.findings(configuration, paths: Paths(data: data, instance: configuration.instance))
    }
}

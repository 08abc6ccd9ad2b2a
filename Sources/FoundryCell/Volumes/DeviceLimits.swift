import FoundryModel

/// Ceilings of block devices.
///
/// Version 1 of the control groups counts what is written through the page cache in the root group only; so the limits stand there, on a device that
/// one volume has for itself, and members read and write there (`CgroupTree.shareDisks`). Version 2 knows whose write it was: they stand in the group of all members.
struct DeviceLimits: Sendable {
    let cgroups: CgroupTree
    /// Of all members.
    let group: String

    /// - Parameter device: `7:3`.
    /// - Returns: nil for limits that are of no class.
    func read(_ device: String) -> IOClass? {
        let found = cgroups.version == .v1 ? version1(device) : version2(device)
        return IOClass.allCases.first { Self.figures($0) == found }
    }

    /// - Throws: `machine_unfit` when the machine cannot limit devices.
    func set(_ device: String, _ io: IOClass) throws(FoundryError) {
        switch cgroups.version {
        case .v1:
            guard cgroups.hierarchies[Self.controller] != nil else {
                if io == .max { return }
                throw unfit("no \(Self.controller) controller is mounted")
            }
            for (file, value) in zip(Self.files, Self.figures(io)) {
                try cgroups.write("\(device) \(value ?? 0)", Self.root, Self.controller, file)
            }
        case .v2:
            let words = zip(["rbps", "wbps", "riops", "wiops"], Self.figures(io)).map { name, value in
                "\(name)=\(value.map(String.init) ?? "max")"
            }
            guard cgroups.read(group, "io", "io.max") != nil else {
                if io == .max { return }
                throw unfit("the io controller is not enabled for \(group)")
            }
            try cgroups.write("\(device) \(words.joined(separator: " "))", group, "io", "io.max")
        }
    }

    private func unfit(_ detail: String) -> FoundryError {
        FoundryError(
            .machineUnfit, "The machine cannot limit how fast a disk goes.", detail: detail, hint: "foundry doctor")
    }

    /// Of version 1.
    private static let (controller, root) = (CgroupTree.disks, "")
    /// In the order of `figures`.
    private static let files = [
        "blkio.throttle.read_bps_device", "blkio.throttle.write_bps_device", "blkio.throttle.read_iops_device",
        "blkio.throttle.write_iops_device",
    ]

    /// Bytes read and written, operations read and written; nil: no limit.
    private static func figures(_ io: IOClass) -> [Int64?] {
        guard let ceiling = io.ceiling else { return [nil, nil, nil, nil] }
        let (bytes, operations) = (ceiling.bytesPerSecond.bytes, ceiling.operationsPerSecond)
        return [bytes, bytes, operations, operations]
    }

    private func version1(_ device: String) -> [Int64?] {
        Self.files.map { file in
            let text = cgroups.read(Self.root, Self.controller, file) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix(device + " ") }
            return line.flatMap { Int64($0.dropFirst(device.count + 1)) }
        }
    }

    private func version2(_ device: String) -> [Int64?] {
        let text = cgroups.read(group, "io", "io.max") ?? ""
        let words = (text.split(separator: "\n").first { $0.hasPrefix(device + " ") } ?? "").split(separator: " ")
        return ["rbps=", "wbps=", "riops=", "wiops="].map { name in
            words.first { $0.hasPrefix(name) }.flatMap { Int64($0.dropFirst(name.count)) }
        }
    }
}

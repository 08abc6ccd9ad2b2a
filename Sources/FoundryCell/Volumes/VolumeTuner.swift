import CFoundryLinux
import FoundryEffects
import FoundryModel

/// How mounted volumes sync, and how fast their devices may go.
struct VolumeTuner: Sendable {
    /// nil: devices are left as they are.
    let limits: DeviceLimits?

    func read(_ entry: MountTable.Entry) -> VolumeTuning {
        VolumeTuning(
            isSynchronous: entry.options.contains("sync"), io: limits.map { $0.read(entry.device) } ?? .max)
    }

    /// - Throws: `machine_unfit` when the machine cannot limit devices.
    func set(_ entry: MountTable.Entry, _ tuning: VolumeTuning) throws(FoundryError) {
        let now = read(entry)
        if let io = tuning.io, io != now.io {
            guard let limits else {
                throw FoundryError(.machineUnfit, "Devices are not limited here.", hint: "foundry doctor")
            }
            try limits.set(entry.device, io)
        }
        guard tuning.isSynchronous != now.isSynchronous else { return }
        // What was written before the switch is on the disk when it is made.
        try SystemCall.check(foundry_sync_file_system(entry.target), "sync \(entry.target)")
        try SystemCall.check(
            foundry_remount_volume(entry.target, tuning.isSynchronous ? 1 : 0), "mount \(entry.target) anew")
        if tuning.isSynchronous {
            try SystemCall.check(foundry_sync_file_system(entry.target), "sync \(entry.target)")
        }
    }
}

import CFoundryLinux
import FoundryEffects
import FoundryModel
import SystemPackage

/// Loop devices, each known by the file behind it: one belongs to us when its file does.
///
/// Each is attached so that it detaches itself when its last user closes it. So none outlives its mount, and none is left by a process that was
/// killed between attaching and mounting.
enum LoopDevices {
    /// An attached device, held by this process until `release`.
    struct Attached {
        let number: Int
        fileprivate let descriptor: FileDescriptor
        var device: String { LoopDevices.device(number) }
        func release() { try? descriptor.close() }
    }

    static func device(_ number: Int) -> String { "/dev/loop\(number)" }

    /// The devices that are attached to a file.
    ///
    /// The path that the kernel shows for it may differ, once another mount namespace is involved; so the file itself is compared, of every device
    /// whose file has that name.
    static func numbers(of file: String) throws(FoundryError) -> [Int] {
        let name = file.split(separator: "/").last ?? ""
        var numbers: [Int] = []
        for device in try HostFiles.names(in: "/sys/block") where device.hasPrefix("loop") {
            guard let number = Int(device.dropFirst(4)), let backing = backingFile(number),
                backing.split(separator: "/").last?.hasPrefix(name) ?? false
            else { continue }
            if try isAttached(number, to: file) { numbers.append(number) }
        }
        return numbers
    }

    /// - Parameter device: a mount's source: `/dev/loop3`.
    static func isAttached(device: String, to file: String) throws(FoundryError) -> Bool {
        guard device.hasPrefix("/dev/loop"), let number = Int(device.dropFirst(9)) else { return false }
        return try isAttached(number, to: file)
    }

    private static func isAttached(_ number: Int, to file: String) throws(FoundryError) -> Bool {
        try SystemCall.check(foundry_loop_is_backed_by(Int32(number), file), "read the status of \(device(number))")
            == 1
    }

    private static func backingFile(_ number: Int) -> String? {
        ProcFile.read("/sys/block/loop\(number)/loop/backing_file").map { String($0.prefix { $0 != "\n" }) }
    }

    /// Reads and writes go past the page cache of the file system below.
    static func isDirect(_ number: Int) -> Bool {
        ProcFile.read("/sys/block/loop\(number)/loop/dio")?.hasPrefix("1") ?? false
    }

    /// An ext4 lives on it, here or in another mount namespace.
    static func carriesMountedFileSystem(_ number: Int) -> Bool { HostFiles.exists("/sys/fs/ext4/loop\(number)") }

    static func attach(_ file: String, codes: [Errno: ErrorCode] = [:]) throws(FoundryError) -> Attached {
        var number: Int32 = -1
        let descriptor = try SystemCall.check(
            foundry_loop_attach(file, &number), "attach \(file) to a loop device", codes: codes)
        return Attached(number: Int(number), descriptor: FileDescriptor(rawValue: descriptor))
    }

    /// Holds a device that is attached already.
    static func hold(_ number: Int) throws(FoundryError) -> Attached {
        let descriptor = try SystemCall.check(foundry_loop_open(Int32(number)), "open \(device(number))")
        return Attached(number: number, descriptor: FileDescriptor(rawValue: descriptor))
    }

    /// Lets a device be as large as the file behind it has become.
    static func resize(_ number: Int) throws(FoundryError) {
        try SystemCall.check(foundry_loop_resize(Int32(number)), "resize \(device(number))")
    }

    static func detach(_ number: Int) throws(FoundryError) {
        try SystemCall.check(foundry_loop_detach(Int32(number)), "detach \(device(number))")
    }
}

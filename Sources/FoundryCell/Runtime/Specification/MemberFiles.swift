import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// The files of `/etc` that are the platform's, not the image's.
struct MemberFiles {
    let hostname: String
    let address: String
    /// Beside its own.
    var hosts: [HostName] = []

    /// A member's name as a host's: `demo/0` is `demo-0`.
    static func hostname(_ name: String) -> String {
        let plain = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(String(plain).prefix(63))
    }

    /// By name in `/etc`. No name server serves members, and without one in the list a lookup fails at once instead of after seconds.
    var contents: [String: String] {
        [
            "hostname": "\(hostname)\n",
            "hosts": hostsText,
            "resolv.conf": "options timeout:1 attempts:1\n",
        ]
    }

    private var hostsText: String {
        let names = [HostName(address: "127.0.0.1", name: "localhost"), HostName(address: "::1", name: "localhost")]
        let all = names + [HostName(address: address, name: hostname)] + hosts
        return all.map { "\($0.address) \($0.name)\n" }.joined()
    }

    /// Writes `/etc/hosts` of a member that has it already: the same file, as it is bound there. It is longer than it should be for a moment at most.
    func rewriteHosts(_ places: MonitorPlaces) throws(FoundryError) {
        let path = places.file("hosts")
        let text = Array(hostsText.utf8)
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.noFollow, .closeOnExec])
            try descriptor.closeAfter {
                try descriptor.writeAll(text)
                guard ftruncate(descriptor.rawValue, off_t(text.count)) == 0 else {
                    throw Errno(rawValue: foundry_errno())
                }
            }
        } catch {
            throw FoundryError(
                .internalError, "The names that a member knows cannot be written.", detail: "\(path): \(error)")
        }
    }

    /// - Returns: where each was written, by where the member sees it.
    func write(_ places: MonitorPlaces) throws(FoundryError) -> [String: String] {
        var written: [String: String] = [:]
        for (name, text) in contents {
            do {
                try DurableFile.write(
                    text.utf8, to: places.file(name), mode: [.ownerReadWrite, .groupRead, .otherRead],
                    outlivesBoot: false)
            } catch {
                throw FoundryError(
                    .internalError, "A member's file cannot be written.", detail: "\(places.file(name)): \(error)")
            }
            written["/etc/\(name)"] = places.file(name)
        }
        return written
    }
}

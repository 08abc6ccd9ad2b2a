import FoundryEffects
import FoundryModel

/// The files of `/etc` that are the platform's, not the image's.
struct MemberFiles {
    let hostname: String
    let address: String

    /// A member's name as a host's: `demo/0` is `demo-0`.
    static func hostname(_ name: String) -> String {
        let plain = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(String(plain).prefix(63))
    }

    /// By name in `/etc`. No name server serves members, and without one in the list a lookup fails at once instead of after seconds.
    var contents: [String: String] {
        [
            "hostname": "\(hostname)\n",
            "hosts": "127.0.0.1 localhost\n::1 localhost\n\(address) \(hostname)\n",
            "resolv.conf": "options timeout:1 attempts:1\n",
        ]
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

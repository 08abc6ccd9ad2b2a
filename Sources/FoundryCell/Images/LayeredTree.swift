import CFoundryLinux
import FoundryModel
import Glibc

/// Looks into an image without mounting it: its layers, merged as overlayfs would. No link leads out of it.
struct LayeredTree {
    private static let mostLinks = 40

    /// The uppermost first.
    let layers: [String]

    private enum Found {
        case missing
        case file(String)
        case link(String)
        /// The directories that make it up, the uppermost first.
        case directory([String])
    }

    /// The text of a plain file.
    ///
    /// - Returns: nil when there is no such file, or it is larger than the limit.
    func text(_ path: String, limit: Int = 1 << 20) -> String? {
        guard let place = resolve(path) else { return nil }
        let descriptor = open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) <= limit else {
            return nil
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, filled in
            filled = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a path of the image lies on the cell, its links followed inside the image; nil when it is no file.
    private func resolve(_ path: String) -> String? {
        var above = [layers]
        var parts = Array(path.split(separator: "/").map(String.init).reversed())
        var links = 0
        while let part = parts.popLast() {
            if part == "." { continue }
            if part == ".." {
                if above.count > 1 { above.removeLast() }
                continue
            }
            switch find(part, in: above[above.count - 1]) {
            case .missing: return nil
            case .file(let place): return parts.isEmpty ? place : nil
            case .directory(let directories): above.append(directories)
            case .link(let target):
                links += 1
                guard links <= Self.mostLinks else { return nil }
                if target.hasPrefix("/") { above = [layers] }
                parts += target.split(separator: "/").map(String.init).reversed()
            }
        }
        return nil
    }

    private func find(_ name: String, in directories: [String]) -> Found {
        var found: [String] = []
        for directory in directories {
            let place = "\(directory)/\(name)"
            var status = stat()
            guard lstat(place, &status) == 0 else { continue }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFDIR else {
                if !found.isEmpty { break }
                if kind == S_IFLNK { return target(place).map(Found.link) ?? .missing }
                return foundry_is_whiteout(place) == 1 ? .missing : .file(place)
            }
            found.append(place)
            if foundry_is_opaque(place) == 1 { break }
        }
        return found.isEmpty ? .missing : .directory(found)
    }

    private func target(_ link: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(link, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}

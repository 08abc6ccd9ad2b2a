import FoundryModel

/// Decides where a member sees its volume.
public enum MountRule {
    /// Paths that a volume must not cover: the container would not start, or would not be contained.
    private static let reserved = [
        "/proc", "/sys", "/dev", "/run", "/tmp", "/etc", "/bin", "/sbin", "/lib", "/lib64", "/usr",
    ]

    /// - Throws: `disk_required`, `disk_unused`, `mount_invalid`.
    static func disk(
        size: ByteCount?, mount: String?, ephemeral: Bool, image: ResolvedImage
    ) throws(FoundryError) -> DiskSpec? {
        let volumes = image.configuration.volumes
        guard let size else {
            guard mount == nil else {
                throw FoundryError(
                    .diskRequired, "--mount says where a disk goes, and there is none.", hint: "--disk 1G")
            }
            guard volumes.isEmpty || ephemeral else {
                throw FoundryError(
                    .diskRequired,
                    "The image keeps data in \(volumes.joined(separator: ", ")), and nothing says where that goes.",
                    hint: "--disk 1G for a volume, or --ephemeral to lose it whenever the process ends")
            }
            return nil
        }
        guard !ephemeral else {
            throw FoundryError(.diskUnused, "--disk and --ephemeral exclude each other.", hint: "leave one of them out")
        }
        return DiskSpec(size: size, mounts: try mounts(mount, image: image))
    }

    /// Of an app with a disk.
    ///
    /// - Parameter mount: nil: at the image's VOLUMEs.
    static func mounts(_ mount: String?, image: ResolvedImage) throws(FoundryError) -> [VolumeMount] {
        if let mount { return [VolumeMount(directory: "", path: try path(mount))] }
        let volumes = image.configuration.volumes
        switch volumes.count {
        case 0:
            throw FoundryError(
                .diskUnused, "The image has no VOLUME, so nothing says where its disk goes.", hint: "--mount /path")
        case 1: return [VolumeMount(directory: "", path: try path(volumes[0]))]
        default:
            return try volumes.map { volume throws(FoundryError) in
                VolumeMount(directory: directory(volume), path: try path(volume))
            }
        }
    }

    /// - Returns: the path without doubled slashes.
    /// - Throws: `mount_invalid`.
    public static func path(_ text: String) throws(FoundryError) -> String {
        let parts = text.split(separator: "/").map(String.init)
        let path = "/" + parts.joined(separator: "/")
        let isPlain =
            !parts.contains("..") && !parts.contains(".") && !text.contains("\0") && !text.contains(":")
            && text.utf8.count <= 255
        guard text.hasPrefix("/"), !parts.isEmpty, isPlain, directory(path).utf8.count <= 255 else {
            throw FoundryError(
                .mountInvalid, "'\(text.prefix(80))' is not an absolute path that a disk can be mounted at.",
                hint: "--mount /data")
        }
        guard !reserved.contains(path), !path.hasPrefix("/proc/"), !path.hasPrefix("/sys/"), !path.hasPrefix("/dev/")
        else {
            throw FoundryError(.mountInvalid, "\(path) belongs to the system inside the member.", hint: "--mount /data")
        }
        return path
    }

    /// `/var/lib/data` becomes `var-lib-data`; what has a hyphen already is escaped as in a URL, so that two paths never share a directory.
    private static func directory(_ path: String) -> String {
        let parts = path.split(separator: "/").map { part in
            part.reduce(into: "") { escaped, next in
                switch next {
                case "-": escaped += "%2d"
                case "%": escaped += "%25"
                default: escaped.append(next)
                }
            }
        }
        return parts.joined(separator: "-")
    }
}

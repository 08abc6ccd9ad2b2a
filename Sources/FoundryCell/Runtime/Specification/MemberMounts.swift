import FoundryModel

/// What a member sees beside its image.
struct MemberMounts {
    typealias Mount = RuntimeSpecification.Mount

    let memory: ByteCount
    let user: ContainerUser
    let volumes: [VolumeSource]
    let ephemeralPaths: [String]
    /// Files of ours, by where the member sees them.
    let files: [String: String]
    var privates: [PrivateSource] = []

    /// Parents come before what lies in them.
    var all: [Mount] {
        let chosen = Set(volumes.map(\.path) + ephemeralPaths)
        let own = system + temporary.filter { !chosen.contains($0.destination) } + ephemeral + bound
        return own.enumerated().sorted { left, right in
            let (first, second) = (depth(left.element), depth(right.element))
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    private var system: [Mount] {
        [
            Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
            Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"]),
            Mount(
                destination: "/dev", type: "tmpfs", source: "tmpfs",
                options: ["nosuid", "noexec", "strictatime", "mode=755", "size=64k", "nr_inodes=1024"]),
            Mount(
                destination: "/dev/pts", type: "devpts", source: "devpts",
                options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]),
            Mount(
                destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]),
        ]
    }

    /// Half of the memory each: a database's shared memory lies in one of them.
    private var temporary: [Mount] {
        [
            tmpfs("/dev/shm", ["noexec", "mode=1777"]),
            tmpfs("/tmp", ["mode=1777"]),
        ]
    }

    /// Of the process's user, so that it can write there as it could in the image's own directory.
    private var ephemeral: [Mount] { ephemeralPaths.map { tmpfs($0, ["uid=\(user.uid)", "gid=\(user.gid)"]) } }

    private var bound: [Mount] {
        volumes.map {
            Mount(
                destination: $0.path, type: "bind", source: $0.source,
                options: ["bind", "rw", "nosuid", "nodev", "private"])
        }
            + files.sorted { $0.key < $1.key }.map { file in
                Mount(
                    destination: file.key, type: "bind", source: file.value,
                    options: ["bind", "ro", "nosuid", "nodev", "noexec", "private"])
            }
            + privates.map { directory in
                Mount(
                    destination: directory.path, type: "bind", source: directory.source,
                    options: ["bind", "ro", "nosuid", "nodev", "private"] + (directory.hasPrograms ? [] : ["noexec"]))
            }
    }

    private func tmpfs(_ path: String, _ options: [String]) -> Mount {
        Mount(
            destination: path, type: "tmpfs", source: "tmpfs",
            options: ["nosuid", "nodev", "size=\(memory.bytes / 2)"] + options)
    }

    private func depth(_ mount: Mount) -> Int { mount.destination.split(separator: "/").count }
}

import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryCell

/// What a member may not do, asked from inside of it.
@Suite("A member's confinement", .serialized, .enabled(if: isRoot, "needs root"))
struct RuntimeConfinementTests {
    @Test("gives root the seven capabilities and no other, a filter, and no new privileges", arguments: ["", "worker"])
    func status(user: String) async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order("cat /proc/self/status", user: user)
            let (_, lines) = try await ground.result(order)
            let fields = Dictionary(
                lines.compactMap { line in
                    line.firstIndex(of: ":").map {
                        (
                            String(line[..<$0]),
                            line[line.index(after: $0)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
                        )
                    }
                }, uniquingKeysWith: { first, _ in first })
            // CHOWN 0, DAC_OVERRIDE 1, FOWNER 3, FSETID 4, KILL 5, SETGID 6, SETUID 7
            let expected = user.isEmpty ? "00000000000000fb" : "0000000000000000"
            #expect(fields["CapEff"] == expected)
            #expect(fields["CapPrm"] == expected)
            #expect(fields["CapBnd"] == expected)
            #expect(fields["CapInh"] == "0000000000000000")
            #expect(fields["CapAmb"] == "0000000000000000")
            #expect(fields["NoNewPrivs"] == "1")
            #expect(fields["Seccomp"] == "2")
            #expect(fields["Uid"] == (user.isEmpty ? "0 0 0 0" : "1234 1234 1234 1234"))
            #expect(fields["Gid"] == (user.isEmpty ? "0 0 0 0" : "1235 1235 1235 1235"))
            // Root is listed in the group extra, and so is the worker.
            #expect(fields["Groups"] == "1300")
        }
    }

    @Test("refuses the system calls that a service does not need")
    func systemCalls() async throws {
        try await RuntimeGround.run { ground in
            let layers = [try await ground.layout.busybox(), try await ground.layout.program(Self.probe)]
            let image = try ground.layout.image(layers, ImageConfiguration(entrypoint: ["/probe"]))
            let (exit, lines) = try await ground.result(ground.order(image: image))
            #expect(exit.status == 0, "\(exit)")
            let answers = Dictionary(
                lines.compactMap { line -> (String, Int)? in
                    let words = line.split(separator: " ")
                    return words.count == 2 ? (String(words[0]), Int(words[1]) ?? -1) : nil
                }, uniquingKeysWith: { first, _ in first })
            let refused = [
                "mount", "umount2", "unshare", "clone_newuser", "setns", "pivot_root", "chroot", "keyctl", "add_key",
                "bpf", "perf_event_open",
                "userfaultfd", "ptrace", "process_vm_readv", "kexec_load", "init_module", "open_by_handle_at", "vsock",
                "packet", "swapon",
                "settimeofday", "syslog", "quotactl", "reboot", "personality_x",
            ]
            for name in refused { #expect(answers[name] == 1, "\(name)") }
            for name in ["getpid_32bit", "socketcall_32bit"] { #expect(answers[name] == 31, "\(name)") }
            for name in ["clone3", "io_uring_setup"] { #expect(answers[name] == 38, "\(name)") }
            for name in ["inet", "unix", "netlink", "fork", "futex", "personality"] {
                #expect(answers[name] == 0, "\(name)")
            }
        }
    }

    @Test("hides what the kernel tells about the machine, and keeps its switches")
    func kernelFiles() async throws {
        try await RuntimeGround.run { ground in
            let script = """
                for file in /proc/kcore /proc/keys /proc/timer_list /proc/interrupts; do [ ! -e $file ] || echo "$file $(head -c 9 $file | wc -c)"; done
                ls /sys/firmware | wc -l
                (echo 1 >/proc/sys/vm/drop_caches) 2>/dev/null || echo kept
                (echo h >/proc/sysrq-trigger) 2>/dev/null || echo kept
                (mkdir /sys/fs/cgroup/x) 2>/dev/null || echo kept
                ls /dev | grep -vx core | sort | tr '\\n' ' '; echo
                cat /proc/mounts | grep -c ' cgroup'
                mknod /tmp/disk b 254 0 2>/dev/null || echo no device
                """
            let (_, lines) = try await ground.result(ground.order(script))
            let hidden = lines.filter { $0.hasPrefix("/proc/") }
            #expect(!hidden.isEmpty && hidden.allSatisfy { $0.hasSuffix(" 0") }, "\(hidden)")
            #expect(
                Array(lines.dropFirst(hidden.count)) == [
                    "0", "kept", "kept", "kept",
                    "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero ", "0",
                    "no device",
                ])
        }
    }

    @Test("bounds memory, processes, processor time and files")
    func limits() async throws {
        try await RuntimeGround.run { ground in
            let script = """
                dd if=/dev/zero of=/data/big bs=1M count=100 2>&1 | grep -c 'No space left'; rm -f /data/big
                df -k /tmp /dev/shm /cache | awk '{ print $2 }'
                ulimit -c; touch /home/mine && echo wrote; ls -ld /tmp /cache | cut -c1-10
                """
            let order = try await ground.order(script, memory: .megabytes(128), ephemeralPaths: ["/cache"])
            try await ground.create(order)
            let cgroups = try CgroupTree()
            let group = ground.paths.cgroup(ground.member)
            let read = { (controller: String, file: String) in
                cgroups.read(group, controller, file)?.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
            #expect(read("pids", "pids.max") == "4096")
            switch cgroups.version {
            case .v1:
                #expect(read("memory", "memory.limit_in_bytes") == "134217728")
                #expect(read("memory", "memory.memsw.limit_in_bytes") == "134217728")
                #expect(read("cpu", "cpu.cfs_quota_us") == "25000")
                #expect(read("cpu", "cpu.cfs_period_us") == "100000")
            case .v2:
                #expect(read("memory", "memory.max") == "134217728")
                #expect(read("memory", "memory.swap.max") == "0", "swap is no more memory")
                #expect(read("cpu", "cpu.max") == "25000 100000")
            }
            #expect(try await opensDevices(in: group, cgroups) == false)
            try await ground.runtime.start(ground.member)
            _ = try await ground.end()
            let lines = try ground.logs.tail(ground.member, lines: 100).map(\.text)
            #expect(lines.first == "1", "a root file system of 64 MiB: \(lines)")
            #expect(lines.filter { $0 == "65536" }.count == 3, "half of the memory each: \(lines)")
            #expect(lines.suffix(4) == ["0", "wrote", "drwxr-x---", "drwxrwxrwt"])
        }
    }

    @Test("lets it be what its image and its user say")
    func identity() async throws {
        try await RuntimeGround.run { ground in
            let source = "\(ground.paths.data)/volume"
            try HostFiles.makeDirectory(source)
            try await Command().run("sh", ["-c", "echo kept >\(source)/file"])
            let script = """
                hostname; cat /etc/hostname; tail -n 1 /etc/hosts; pwd; env | sort | grep -E 'COLOUR|SHAPE|SIZE'; cat /data/file
                echo new >/data/file; (echo x >/etc/hosts) 2>/dev/null || echo read-only; touch /proc/self/comm; ip -o link | wc -l; id -u
                nc -l -p 80 -e true & sleep 0.1; kill $! && echo low port
                """
            let order = try await ground.order(script, environment: ["SHAPE": "square", "SIZE": "a b"])
            let (_, lines) = try await ground.result(order, volumes: [VolumeSource(source: source, path: "/data")])
            let expected = [
                "demo-0", "demo-0", "10.99.1.7 demo-0", "/home", "COLOUR=red", "SHAPE=square", "SIZE=a b", "kept",
                "read-only", "1", "0", "low port",
            ]
            #expect(lines == expected)
            #expect(ProcFile.read("\(source)/file") == "new\n")
            let configuration = MonitorPlaces(ground.paths, ground.member).configuration
            #expect(
                try await Command().run("stat", ["-c", "%a", configuration]) == "600\n", "it holds the environment")
        }
    }

    /// Prints a name and the errno of each call; 0 when it went well.
    private static let probe = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <sched.h>
        #include <stdio.h>
        #include <sys/socket.h>
        #include <sys/syscall.h>
        #include <sys/wait.h>
        #include <unistd.h>
        #define ASK(name, ...) do { errno = 0; long r = syscall(__VA_ARGS__); printf("%s %d\\n", name, r < 0 ? errno : 0); fflush(stdout); } while (0)
        static long call32(long number, long a, long b) {
            long result;
            __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(0), "S"(0), "D"(0) : "memory", "r8", "r9", "r10", "r11");
            return result;
        }
        int main(void) {
            static char buffer[4096];
            ASK("mount", SYS_mount, "none", "/tmp", "tmpfs", 0, 0);
            ASK("umount2", SYS_umount2, "/tmp", 0);
            ASK("unshare", SYS_unshare, CLONE_NEWUSER);
            ASK("clone_newuser", SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0, 0);
            ASK("setns", SYS_setns, 0, 0);
            ASK("pivot_root", SYS_pivot_root, "/", "/");
            ASK("chroot", SYS_chroot, "/");
            ASK("keyctl", SYS_keyctl, 0, -3, 0);
            ASK("add_key", SYS_add_key, "user", "x", "y", 1, -3);
            ASK("bpf", SYS_bpf, 0, buffer, 64);
            ASK("perf_event_open", SYS_perf_event_open, buffer, 0, -1, -1, 0);
            ASK("userfaultfd", SYS_userfaultfd, 0);
            ASK("ptrace", SYS_ptrace, 0, 0, 0, 0);
            ASK("process_vm_readv", SYS_process_vm_readv, 1, 0, 0, 0, 0, 0);
            ASK("kexec_load", SYS_kexec_load, 0, 0, 0, 0);
            ASK("init_module", SYS_init_module, buffer, 0, "");
            ASK("open_by_handle_at", SYS_open_by_handle_at, 0, buffer, 0);
            ASK("vsock", SYS_socket, 40, SOCK_STREAM, 0);
            ASK("packet", SYS_socket, 17, SOCK_RAW, 0);
            ASK("swapon", SYS_swapon, "/x", 0);
            ASK("settimeofday", SYS_settimeofday, 0, 0);
            ASK("syslog", SYS_syslog, 10, 0, 0);
            ASK("quotactl", SYS_quotactl, 0, 0, 0, 0);
            ASK("reboot", SYS_reboot, 0, 0, 0, 0);
            ASK("personality_x", SYS_personality, 0x0100000);
            ASK("clone3", SYS_clone3, buffer, 64);
            ASK("io_uring_setup", SYS_io_uring_setup, 1, buffer);
            ASK("inet", SYS_socket, AF_INET, SOCK_STREAM, 0);
            ASK("unix", SYS_socket, AF_UNIX, SOCK_STREAM, 0);
            ASK("netlink", SYS_socket, AF_NETLINK, SOCK_RAW, 0);
            ASK("futex", SYS_futex, buffer, 1, 1, 0, 0, 0);
            ASK("personality", SYS_personality, 0xffffffff);
            // getpid, and a socket, of the 32-bit table: killed by SIGSYS.
            for (int number = 0; number < 3; number++) {
                int child = fork(), status = 1;
                if (child == 0) {
                    if (number == 1) call32(20, 0, 0);
                    if (number == 2) call32(102, 1, 0);
                    _exit(0);
                }
                waitpid(child, &status, 0);
                printf("%s %d\\n", number == 0 ? "fork" : number == 1 ? "getpid_32bit" : "socketcall_32bit", WIFSIGNALED(status) ? WTERMSIG(status) : status);
            }
            return 0;
        }
        """
}

/// The system calls that a member may make, by what they are for. Whatever is not named fails with EPERM.
///
/// Left out on purpose, whatever capabilities a process has: mounts, namespaces (`unshare`, `setns`, `clone3`), `ptrace` and reading another
/// process's memory, `bpf`, `perf_event_open`, `userfaultfd`, kernel keys, modules and `kexec`, file handles, `io_uring`, swap, quotas,
/// accounting, the machine's clock, ports and log.
enum SyscallTable {
    static let allowed = [
        files, directories, attributes, asynchronous, waiting, memory, processes, scheduling, identity, signals, time,
        locks, sharing, network, restraint,
    ]
    .flatMap { $0.split(whereSeparator: \.isWhitespace).map(String.init) }

    /// By which a program asks that what it wrote be on its disk.
    static let syncs = ["fsync", "fdatasync", "sync", "syncfs", "msync", "sync_file_range"]

    /// Answered with ENOSYS, so that programs fall back: clone3's flags and io_uring's operations lie where a filter cannot look.
    static let unknown = ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"]

    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
    static let namespaceFlags: UInt64 = 0x7e02_0000

    /// Unix, IPv4, IPv6, netlink (for the list of interfaces).
    static let socketFamilies: [UInt64] = [1, 2, 10, 16]

    /// Linux, without address randomisation, 32-bit uname, both, and the question.
    static let personalities: [UInt64] = [0, 0x0004_0000, 8, 0x0004_0008, 0xffff_ffff]

    private static let files = """
        close close_range copy_file_range creat dup dup2 dup3 eventfd eventfd2 fadvise64 fallocate fcntl fdatasync
        flock fsync ftruncate ioctl lseek memfd_create open openat openat2 pipe pipe2 pread64 preadv preadv2 pwrite64
        pwritev pwritev2 read readahead readv sendfile splice sync sync_file_range syncfs tee truncate vmsplice write
        writev cachestat
        """
    /// `mknod` for pipes and sockets; devices need a capability that no member has.
    private static let directories = """
        access chdir faccessat faccessat2 fchdir getcwd getdents getdents64 inotify_add_watch inotify_init
        inotify_init1 inotify_rm_watch link linkat mkdir mkdirat mknod mknodat readlink readlinkat rename renameat
        renameat2 rmdir symlink symlinkat umask unlink unlinkat
        """
    private static let attributes = """
        chmod chown fchmod fchmodat fchmodat2 fchown fchownat fgetxattr flistxattr fremovexattr fsetxattr fstat
        fstatfs futimesat getxattr lchown lgetxattr listxattr llistxattr lremovexattr lsetxattr lstat newfstatat
        removexattr setxattr stat statfs statx utime utimensat utimes
        """
    private static let asynchronous = "io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit"
    private static let waiting = """
        epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait poll ppoll pselect6 select
        """
    private static let memory = """
        brk madvise map_shadow_stack membarrier mincore mlock mlock2 mlockall mmap mprotect mremap msync munlock
        munlockall munmap pkey_alloc pkey_free pkey_mprotect remap_file_pages
        """
    private static let processes = """
        arch_prctl capget capset execve execveat exit exit_group fork getpgid getpgrp getpid getppid getrandom
        getrlimit getrusage getsid gettid pidfd_open pidfd_send_signal prctl prlimit64 process_mrelease rseq
        set_tid_address setpgid setrlimit setsid sysinfo uname vfork wait4 waitid
        """
    private static let scheduling = """
        getcpu getpriority ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min sched_getaffinity
        sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr
        sched_setparam sched_setscheduler sched_yield setpriority
        """
    private static let identity = """
        getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid setgid setgroups setregid
        setresgid setresuid setreuid setuid
        """
    private static let signals = """
        alarm kill pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn
        rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sigaltstack signalfd signalfd4 tgkill tkill
        """
    private static let time = """
        clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create
        timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times
        """
    private static let locks = """
        futex futex_requeue futex_wait futex_waitv futex_wake get_robust_list set_robust_list
        """
    /// In the member's own IPC namespace.
    private static let sharing = """
        mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd semctl
        semget semop semtimedop shmat shmctl shmdt shmget
        """
    private static let network = """
        accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmsg send
        sendmmsg sendmsg sendto setsockopt shutdown socketpair
        """
    /// With which a process gives up rights of its own.
    private static let restraint = "landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp"
}

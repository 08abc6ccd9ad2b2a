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

    /// Answered with ENOSYS, so that programs fall back: clone3's flags and io_uring's operations lie where a filter cannot look.
    static let unknown = ["clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"]

    /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
    static let namespaceFlags: UInt64 = 0x7e02_0000

    /// Unix, IPv4, IPv6, netlink (for the list of interfaces). `socketcall` of 32-bit programs, which hides the family, is not allowed.
    static let socketFamilies: [UInt64] = [1, 2, 10, 16]

    /// Linux, without address randomisation, 32-bit uname, both, and the question.
    static let personalities: [UInt64] = [0, 0x0004_0000, 8, 0x0004_0008, 0xffff_ffff]

    private static let files = """
        close close_range copy_file_range creat dup dup2 dup3 eventfd eventfd2 fadvise64 fadvise64_64 arm_fadvise64_64 fallocate
        fcntl fcntl64 fdatasync flock fsync ftruncate ftruncate64 ioctl _llseek lseek memfd_create open openat openat2 pipe pipe2
        pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readv sendfile sendfile64 splice sync sync_file_range
        arm_sync_file_range syncfs tee truncate truncate64 vmsplice write writev cachestat
        """
    /// `mknod` for pipes and sockets; devices need a capability that no member has.
    private static let directories = """
        access chdir faccessat faccessat2 fchdir getcwd getdents getdents64 inotify_add_watch inotify_init inotify_init1
        inotify_rm_watch link linkat mkdir mkdirat mknod mknodat readlink readlinkat rename renameat renameat2 rmdir symlink
        symlinkat umask unlink unlinkat
        """
    private static let attributes = """
        chmod chown chown32 fchmod fchmodat fchmodat2 fchown fchown32 fchownat fgetxattr flistxattr fremovexattr fsetxattr fstat
        fstat64 fstatat64 fstatfs fstatfs64 futimesat getxattr lchown lchown32 lgetxattr listxattr llistxattr lremovexattr
        lsetxattr lstat lstat64 newfstatat removexattr setxattr stat stat64 statfs statfs64 statx utime utimensat
        utimensat_time64 utimes
        """
    private static let asynchronous =
        "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit"
    private static let waiting = """
        epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait _newselect poll ppoll ppoll_time64 pselect6
        pselect6_time64 select
        """
    private static let memory = """
        brk madvise map_shadow_stack membarrier mincore mlock mlock2 mlockall mmap mmap2 mprotect mremap msync munlock munlockall
        munmap pkey_alloc pkey_free pkey_mprotect remap_file_pages
        """
    private static let processes = """
        arch_prctl capget capset execve execveat exit exit_group fork get_thread_area getpgid getpgrp getpid getppid getrandom
        getrlimit getrusage getsid gettid pidfd_open pidfd_send_signal prctl prlimit64 process_mrelease rseq set_thread_area
        set_tid_address setpgid setrlimit setsid sysinfo ugetrlimit uname vfork wait4 waitid waitpid breakpoint cacheflush set_tls
        """
    private static let scheduling = """
        getcpu getpriority ioprio_get ioprio_set sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
        sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr
        sched_setparam sched_setscheduler sched_yield setpriority
        """
    private static let identity = """
        getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 getresuid getresuid32 getuid
        getuid32 setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32 setresgid
        setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32
        """
    private static let signals = """
        alarm kill pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
        rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaction sigaltstack signal signalfd signalfd4 sigpending
        sigprocmask sigreturn sigsuspend tgkill tkill
        """
    private static let time = """
        clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 getitimer
        gettimeofday nanosleep setitimer time timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64
        timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64 times
        """
    private static let locks =
        "futex futex_requeue futex_time64 futex_wait futex_waitv futex_wake get_robust_list set_robust_list"
    /// In the member's own IPC namespace.
    private static let sharing = """
        ipc mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink
        msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget
        """
    private static let network = """
        accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 recvmsg send
        sendmmsg sendmsg sendto setsockopt shutdown socketpair
        """
    /// With which a process gives up rights of its own.
    private static let restraint = "landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp"
}

#define _GNU_SOURCE
#include "containers.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/mount.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> do not go together.
int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
int umount2(const char *target, int flags);
enum { bind_mount = 4096, recursive_mount = 16384, private_mount = 1 << 18, detach = 2 };

pid_t foundry_child_start(const struct foundry_child_request *request) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    for (int target = 0; target < 4; target++) {
        int source = request->descriptors[target];
        if (source >= 0)
            posix_spawn_file_actions_adddup2(&actions, source, target);
        else if (target < 3)
            posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0);
    }
    if (request->directory != NULL) posix_spawn_file_actions_addchdir_np(&actions, request->directory);
    posix_spawn_file_actions_addclosefrom_np(&actions, request->descriptors[3] >= 0 ? 4 : 3);
    pid_t pid = -1;
    int error = posix_spawn(&pid, request->program, &actions, &attributes, request->arguments, request->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0) return pid;
    errno = error;
    return -1;
}

// Between fork and exec only async-signal-safe calls are made: the caller may have threads.

static int read_only(int directory, const char *path, unsigned int flags, int read_only) {
    struct mount_attr attributes = {
        .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | (read_only ? MOUNT_ATTR_RDONLY : 0),
        .attr_clr = read_only ? 0 : MOUNT_ATTR_RDONLY,
    };
    return (int)syscall(SYS_mount_setattr, directory, path, flags, &attributes, sizeof attributes);
}

static void descriptor_path(char *path, int descriptor) {
    const char prefix[] = "/proc/self/fd/";
    char digits[12];
    size_t count = 0;
    memcpy(path, prefix, sizeof prefix - 1);
    char *end = path + sizeof prefix - 1;
    do digits[count++] = (char)('0' + descriptor % 10);
    while ((descriptor /= 10) > 0);
    while (count > 0) *end++ = digits[--count];
    *end = 0;
}

// The root file system alone, read-only, with the directory at its /tmp. The other mounts are let go at once: a copy of a volume's mount would
// keep the volume in use.
static int enter_small_world(const char *directory) {
    char source[32];
    if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC) != 0) return -1;
    if (mount(NULL, "/", NULL, recursive_mount | private_mount, NULL) != 0) return -1;
    int kept = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (kept < 0 || mount("/", directory, NULL, bind_mount, NULL) != 0) return -1;
    descriptor_path(source, kept);
    // Looked up anew: the kept descriptor lies below the new mount.
    int root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0 || fchdir(root) != 0) return -1;
    // Where /usr is a file system of its own the programs lie on it.
    mount("/usr", "usr", NULL, bind_mount | recursive_mount, NULL);
    if (mount(source, "tmp", NULL, bind_mount, NULL) != 0) return -1;
    if (read_only(root, "", AT_EMPTY_PATH | AT_RECURSIVE, 1) != 0 || read_only(root, "tmp", 0, 0) != 0) return -1;
    if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", detach) != 0) return -1;
    return chdir("/tmp");
}

static int drop_privileges(void) {
    const uint32_t kept = 1 << CAP_CHOWN | 1 << CAP_DAC_OVERRIDE | 1 << CAP_FOWNER | 1 << CAP_FSETID;
    for (int capability = 0; capability < 64; capability++)
        if (capability > 31 || !(kept & (uint32_t)1 << capability)) prctl(PR_CAPBSET_DROP, capability);
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = kept, .permitted = kept}};
    if (syscall(SYS_capset, &header, data) != 0) return -1;
    struct rlimit none = {1, 1};
    setrlimit(RLIMIT_CORE, &none);
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void default_signals(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static int redirect(const int descriptors[4]) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return -1;
    for (int target = 0; target < 3; target++) {
        int source = descriptors[target] >= 0 ? descriptors[target] : null;
        if (dup2(source, target) < 0) return -1;
    }
    return 0;
}

static void become(const struct foundry_child_request *request, const char *directory, pid_t parent, int report) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    setsid();
    default_signals();
    umask(022);
    if (redirect(request->descriptors) == 0 && enter_small_world(directory) == 0 && drop_privileges() == 0) {
        syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
        execve(request->program, request->arguments, request->environment);
    }
    int error = errno;
    if (write(report, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

pid_t foundry_child_start_confined(const struct foundry_child_request *request, const char *directory) {
    int ends[2], error = 0;
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) become(request, directory, parent, ends[1]);
    if (pid < 0) error = errno;
    close(ends[1]);
    ssize_t size = 0;
    if (pid > 0)
        do size = read(ends[0], &error, sizeof error);
        while (size < 0 && errno == EINTR);
    close(ends[0]);
    if (pid > 0 && size == sizeof error) {
        foundry_child_wait(pid);
        pid = -1;
    }
    errno = error;
    return pid;
}

int foundry_child_wait(pid_t pid) {
    int status;
    pid_t ended;
    do ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) return -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

struct work {
    void (*function)(void *);
    void *argument;
};

static void *run(void *argument) {
    struct work work = *(struct work *)argument;
    free(argument);
    work.function(work.argument);
    return NULL;
}

int foundry_thread_start(void (*function)(void *), void *argument) {
    struct work *work = malloc(sizeof *work);
    if (!work) return -1;
    *work = (struct work){function, argument};
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    pthread_t thread;
    // A thread begins with the mask of the one that makes it.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&thread, &attributes, run, work);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (error == 0) return 0;
    free(work);
    errno = error;
    return -1;
}

int foundry_pipe(int *reader, int *writer) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    *reader = ends[0];
    *writer = ends[1];
    return 0;
}

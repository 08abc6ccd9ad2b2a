#define _GNU_SOURCE
#include "CFoundryLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/fs.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { again_milliseconds = 1 };

static int64_t microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int close_keeping_errno(int fd) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

// In a child of a process that may have threads: only async-signal-safe calls. The pipe closes when its other end is done, or dead.
static _Noreturn void guard(int volume, int line, int limit) {
    setsid();
    if (dup2(volume, 0) < 0 || dup2(line, 1) < 0) _exit(1);
    syscall(SYS_close_range, 2u, ~0u, 0u);
    struct pollfd end = {.fd = 1, .events = POLLIN};
    int is_late = poll(&end, 1, limit) == 0;
    do ioctl(0, FITHAW, 0);
    while (is_late && poll(&end, 1, again_milliseconds) == 0);
    _exit(0);
}

// Returns its process id, and the end of the pipe that is closed when it is to go.
static pid_t start_guard(int volume, int limit, int *line) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    pid_t pid = fork();
    if (pid == 0) guard(volume, ends[0], limit);
    close_keeping_errno(ends[0]);
    if (pid < 0) return close_keeping_errno(ends[1]);
    *line = ends[1];
    return pid;
}

static void end_guard(pid_t pid, int line) {
    int error = errno;
    close(line);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
    errno = error;
}

static int make(int source, int parent, const char *name, uint64_t flags) {
    struct btrfs_ioctl_vol_args_v2 arguments = {.fd = source, .flags = flags};
    if (strlen(name) > BTRFS_SUBVOL_NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(arguments.name, name);
    return ioctl(parent, BTRFS_IOC_SNAP_CREATE_V2, &arguments);
}

static int64_t make_frozen(int volume, int source, int parent, const char *name, int limit) {
    int line = -1;
    pid_t pid = start_guard(volume, limit, &line);
    if (pid < 0) return -1;
    int64_t begun = microseconds(), result = -1;
    if (ioctl(volume, FIFREEZE, 0) == 0) {
        int made = make(source, parent, name, BTRFS_SUBVOL_RDONLY), error = errno;
        int thawed = ioctl(volume, FITHAW, 0);
        errno = made != 0 ? error : ETIMEDOUT;
        if (made == 0 && thawed == 0) result = microseconds() - begun;
    }
    end_guard(pid, line);
    return result;
}

int64_t foundry_snapshot_take(const struct foundry_snapshot_request *request) {
    int64_t result = -1;
    int source = open(request->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (source < 0) return -1;
    int parent = open(request->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0) return close_keeping_errno(source);
    if (request->mount == NULL) {
        result = make(source, parent, request->name, BTRFS_SUBVOL_RDONLY);
    } else {
        int volume = open(request->mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (volume >= 0) {
            result = make_frozen(volume, source, parent, request->name, request->limit_milliseconds);
            close_keeping_errno(volume);
        }
    }
    close_keeping_errno(parent);
    close_keeping_errno(source);
    return result;
}

int foundry_subvolume_copy(const char *source, const char *parent, const char *name) {
    int from = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0) return -1;
    int to = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (to < 0) return close_keeping_errno(from);
    int result = make(from, to, name, 0);
    close_keeping_errno(to);
    close_keeping_errno(from);
    return result;
}

int foundry_thaw(const char *mount) {
    int fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -1;
    int result = ioctl(fd, FITHAW, 0) == 0 ? 1 : errno == EINVAL ? 0 : -1;
    close_keeping_errno(fd);
    return result;
}

int foundry_subvolume_make_writable(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -1;
    uint64_t flags = 0;
    int result = ioctl(fd, BTRFS_IOC_SUBVOL_GETFLAGS, &flags);
    if (result == 0 && flags & BTRFS_SUBVOL_RDONLY) {
        flags &= ~BTRFS_SUBVOL_RDONLY;
        result = ioctl(fd, BTRFS_IOC_SUBVOL_SETFLAGS, &flags);
    }
    close_keeping_errno(fd);
    return result;
}

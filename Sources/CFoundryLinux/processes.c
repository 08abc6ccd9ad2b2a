#define _GNU_SOURCE
#include "processes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

int foundry_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int foundry_pidfd_signal(int pidfd, int signal) { return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0); }

// Between fork and exec only async-signal-safe calls are made: the caller may have threads.

static size_t append_number(char *text, size_t length, uint64_t number) {
    char digits[20];
    size_t count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0) text[length++] = digits[--count];
    return length;
}

// Field 22 of /proc/self/stat, which begins anew after the name in parentheses.
static int append_start_ticks(char *text, size_t *length) {
    char stat[1024];
    int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t size = read(file, stat, sizeof stat);
    close(file);
    if (size <= 0) return -1;
    ssize_t at = size - 1;
    while (at > 0 && stat[at] != ')') at--;
    for (int field = 2; field < 22 && at < size; at++) field += stat[at] == ' ';
    while (at < size && stat[at] >= '0' && stat[at] <= '9') text[(*length)++] = stat[at++];
    return 0;
}

static int write_pid_file(const char *path, const char *boot_id) {
    char text[128], fresh[512];
    size_t path_length = strlen(path), boot_length = strlen(boot_id);
    if (path_length + 5 > sizeof fresh || boot_length > 64) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(fresh, path, path_length);
    memcpy(fresh + path_length, ".new", 5);
    size_t length = append_number(text, 0, (uint64_t)getpid());
    text[length++] = ' ';
    if (append_start_ticks(text, &length) != 0) return -1;
    text[length++] = ' ';
    memcpy(text + length, boot_id, boot_length);
    length += boot_length;
    text[length++] = '\n';
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return -1;
    ssize_t written = write(file, text, length);
    close(file);
    return written == (ssize_t)length ? rename(fresh, path) : -1;
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

static void redirect(int output) {
    // Above 2 first: `output` may be one of the three.
    int copy = fcntl(output, F_DUPFD_CLOEXEC, 3);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (copy < 0 || null < 0) return;
    dup2(null, 0);
    dup2(copy, 1);
    dup2(copy, 2);
}

// A core would hold every secret that a program of ours knows. One byte is no core, as none is smaller than a page; 0 would not stop a pattern that is
// a program (fs/coredump.c).
static void leave_no_core(void) {
    struct rlimit none = {1, 1};
    setrlimit(RLIMIT_CORE, &none);
}

static void become(const struct foundry_start_request *start, pid_t parent, int report) {
    default_signals();
    redirect(start->output);
    syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
    umask(022);
    leave_no_core();
    if (chdir("/") != 0) goto failed;
    if (start->pid_file) {
        if (write_pid_file(start->pid_file, start->boot_id) != 0) goto failed;
        if (getppid() != parent) _exit(127);
        prctl(PR_SET_PDEATHSIG, 0);
    }
    execve(start->program, start->arguments, start->environment);
failed:;
    int number = errno;
    if (write(report, &number, sizeof number) < 0) _exit(126);
    _exit(127);
}

static void child(const struct foundry_start_request *start, pid_t parent, int report) {
    setsid();
    if (start->detached) {
        pid_t grandchild = fork();
        if (grandchild > 0) _exit(0);
        int number = grandchild < 0 ? -errno : getpid();
        if (write(report, &number, sizeof number) < 0 || grandchild < 0) _exit(126);
    } else if (start->pid_file) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(127);
    }
    become(start, parent, report);
}

// Reads the errno of a failed exec; end of file is success.
static int read_number(int report, int *number) {
    ssize_t size;
    do size = read(report, number, sizeof *number);
    while (size < 0 && errno == EINTR);
    return size == sizeof *number;
}

pid_t foundry_start(const struct foundry_start_request *start) {
    int pipe_ends[2], number = 0;
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) return -1;
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) child(start, parent, pipe_ends[1]);
    close(pipe_ends[1]);
    if (pid > 0 && start->detached) {
        if (waitpid(pid, NULL, 0) < 0 || !read_number(pipe_ends[0], &number)) number = -EIO;
        pid = number;
        if (number < 0) {
            errno = -number;
            pid = -1;
        }
    }
    if (pid > 0 && read_number(pipe_ends[0], &number)) {
        if (!start->detached) waitpid(pid, NULL, 0);
        errno = number;
        pid = -1;
    }
    int kept = errno;
    close(pipe_ends[0]);
    errno = kept;
    return pid;
}

static int signal_writer = -1;

static void on_signal(int number) {
    int kept = errno;
    char byte = (char)number;
    // A full pipe holds signals enough.
    if (write(signal_writer, &byte, 1) < 0) errno = kept;
    errno = kept;
}

int foundry_signal_pipe(const int *signals, int count) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    signal_writer = ends[1];
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (int index = 0; index < count; index++) sigaction(signals[index], &action, NULL);
    return ends[0];
}

int foundry_lock(int descriptor, int wait) {
    int result;
    do result = flock(descriptor, LOCK_EX | (wait ? 0 : LOCK_NB));
    while (result != 0 && errno == EINTR);
    return result;
}

int foundry_read_file_system(const char *path, struct foundry_file_system *answer) {
    struct statfs fs;
    if (statfs(path, &fs) != 0) return -1;
    answer->type = (int64_t)fs.f_type;
    answer->size = (int64_t)fs.f_blocks * fs.f_bsize;
    answer->available = (int64_t)fs.f_bavail * fs.f_bsize;
    return 0;
}

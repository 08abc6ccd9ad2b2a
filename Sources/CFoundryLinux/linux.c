#define _GNU_SOURCE
#include "CFoundryLinux.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t foundry_clock_realtime_ms(void) { return clock_ms(CLOCK_REALTIME); }
int64_t foundry_clock_boottime_ms(void) { return clock_ms(CLOCK_BOOTTIME); }

int foundry_errno(void) { return errno; }
int foundry_unlink(const char *path) { return unlink(path); }
int foundry_rename(const char *from, const char *to) { return rename(from, to); }
int foundry_fsync(int fd) { return fsync(fd); }
int foundry_fchmod(int fd, uint32_t mode) { return fchmod(fd, mode); }

void foundry_kill_self(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

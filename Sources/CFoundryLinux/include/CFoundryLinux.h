#pragma once

#include <stdint.h>

#include "cgroups.h"
#include "containers.h"
#include "inside.h"
#include "network.h"
#include "processes.h"
#include "snapshots.h"
#include "terminal.h"
#include "snapshots.h"
#include "volumes.h"

// The system calls that Glibc's Swift module lacks, or wraps in what Swift cannot call. Each returns -1 with errno set when it fails,
// unless it says otherwise.

int64_t foundry_clock_realtime_ms(void);
int64_t foundry_clock_boottime_ms(void);

int foundry_errno(void);
int foundry_unlink(const char *path);
int foundry_rename(const char *from, const char *to);
int foundry_fsync(int fd);
int foundry_fchmod(int fd, uint32_t mode);

/// Ends this process by SIGKILL; does not return.
void foundry_kill_self(void) __attribute__((noreturn));

#pragma once

#include <stdint.h>
#include <sys/types.h>

// Processes: starting, naming and watching them. Each returns -1 with errno set when it fails, unless it says otherwise.

int foundry_pidfd_open(pid_t pid);
int foundry_pidfd_signal(int pidfd, int signal);

/// What to start. Its standard input is /dev/null, its working directory `/`, it leads a session of its own, every signal has its default
/// action, and no other descriptor is open in it.
struct foundry_start_request {
    const char *program;
    char *const *arguments;
    char *const *environment;
    /// Its standard output and error.
    int output;
    /// Written before the program begins: `pid start-ticks boot_id`. NULL: none.
    const char *pid_file;
    const char *boot_id;
    /// Not 0: it is nobody's child, so it leaves no zombie behind.
    int detached;
};

/// Returns the process id. A program that cannot be executed: -1 and its errno.
///
/// Until its pid file is written a child dies with the thread that called, so that no process of ours runs without a name.
pid_t foundry_start(const struct foundry_start_request *start);

/// Returns a non-blocking descriptor from which each of these signals can be read as one byte.
int foundry_signal_pipe(const int *signals, int count);

/// Advisory lock of a whole file, freed when its holder dies.
int foundry_lock(int descriptor, int wait);

/// The file system below a path.
struct foundry_file_system {
    int64_t type;
    int64_t size;
    int64_t available;
};
int foundry_read_file_system(const char *path, struct foundry_file_system *answer);

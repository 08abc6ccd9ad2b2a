#pragma once

#include <stdint.h>
#include <sys/types.h>

// What running members needs beside processes.h: children with pipes, layers, overlays, probes. Each returns -1 with errno set when it fails,
// unless it says otherwise.

/// A child of the caller: it leads a session of its own, every signal has its default action, and no other descriptor is open in it.
struct foundry_child_request {
    const char *program;
    char *const *arguments;
    char *const *environment;
    /// Become its 0, 1, 2 and 3. -1: /dev/null for the first three, closed for 3.
    int descriptors[4];
    /// Its working directory; NULL: ours.
    const char *directory;
};

/// Returns the process id; the caller waits for it.
pid_t foundry_child_start(const struct foundry_child_request *request);

/// The same, and it can harm nothing: it sees the root file system read-only and this one directory, its working directory, writable; it has no
/// network, no other mounts, no devices, no capability beyond those that own files, and dies with the thread that called.
pid_t foundry_child_start_confined(const struct foundry_child_request *request, const char *directory);

/// Waits for the end of a child. Returns its exit code, or 128 and the signal that ended it.
int foundry_child_wait(pid_t pid);

/// Runs a function in a detached thread in which every signal is blocked: a write to a closed pipe fails there with EPIPE.
int foundry_thread_start(void (*function)(void *), void *argument);

/// Replaces OCI layer marks of removal by those of overlayfs, in a tree that nobody else changes.
int foundry_convert_whiteouts(const char *directory);
/// 1 when the directory hides what lies below it in lower layers, 0 when not.
int foundry_is_opaque(const char *directory);
/// 1 when the path is overlayfs' mark of removal, 0 when it is something else.
int foundry_is_whiteout(const char *path);

/// Mounts a bounded tmpfs: `size=...,nr_inodes=...,mode=...`.
int foundry_mount_scratch(const char *target, const char *options);
/// Mounts an overlay whose options hold paths relative to `directory`: the kernel takes one page of options.
int foundry_mount_overlay(const char *directory, const char *target, const char *options);

/// Begins to connect to an IPv4 address, without waiting. Returns a descriptor that becomes writable when it is decided.
int foundry_connect_begin(const char *address, uint16_t port);
/// Returns 0 when the connection is made, -1 with the reason in errno otherwise.
int foundry_connect_result(int descriptor);

/// A pipe that children do not inherit.
int foundry_pipe(int *reader, int *writer);

#pragma once

#include <stdint.h>

// Snapshots of btrfs subvolumes whose image may carry a mounted file system. Each returns -1 with errno set when it fails.

struct foundry_snapshot_request {
    /// The subvolume.
    const char *source;
    /// Where the file system of its image is mounted; NULL: nowhere.
    const char *mount;
    /// The directory that the snapshot is made in, read-only, and its name there.
    const char *parent;
    const char *name;
    /// After so long the file system is thawed, whatever became of the snapshot.
    int limit_milliseconds;
};

/// Returns for how many microseconds writers were held.
///
/// A process of its own thaws the file system when the limit is over or when the caller dies. ETIMEDOUT: it did before the snapshot was done, so what was
/// made says nothing, and is to be removed.
int64_t foundry_snapshot_take(const struct foundry_snapshot_request *request);
/// Lets writers of the file system that is mounted there go on. Returns 1 when they were held, 0 when not.
int foundry_thaw(const char *mount);
/// Makes a copy of a subvolume that can be written to, and shares with it what neither writes anew.
int foundry_subvolume_copy(const char *source, const char *parent, const char *name);
/// Lets a read-only subvolume be written to.
int foundry_subvolume_make_writable(const char *path);

#pragma once

#include <stdint.h>

// Files with blocks of their own, loop devices, btrfs subvolumes and mounts. Each returns -1 with errno set when it fails, unless it says otherwise.

/// Attaches a file to a free loop device, with direct I/O where the file system below allows it.
///
/// Returns an open descriptor of the device, and writes its number. The device detaches itself when the last of its users closes it: keep the
/// descriptor until it is mounted, then close it. So a process that dies in between leaves nothing attached.
int foundry_loop_attach(const char *file, int *number);
/// Opens /dev/loopN, and makes its node when nobody did. Returns a descriptor.
int foundry_loop_open(int number);
/// 1 when the device is attached to that very file (by file system and inode: its path may read differently elsewhere), 0 when not.
int foundry_loop_is_backed_by(int number, const char *file);
/// Tells a device that the file behind it has another size now.
int foundry_loop_resize(int number);
/// Detaches a device that was left attached.
int foundry_loop_detach(int number);

int foundry_mount_pool(const char *device, const char *target);
int foundry_mount_volume(const char *device, const char *target);
/// Lets a mounted volume's file system sync every write by itself, or no longer.
int foundry_remount_volume(const char *target, int is_synchronous);
int foundry_mount_directory(const char *directory, const char *target);
int foundry_unmount(const char *target);
/// Takes the mount out of sight at once; the file system ends with its last user.
int foundry_unmount_lazily(const char *target);

/// Allocates every byte of a file.
int foundry_allocate(int fd, int64_t bytes);
/// 1 when the path lies on a btrfs, 0 when it does not.
int foundry_is_btrfs(const char *path);
/// Asks that an empty file be rewritten in place; fails with ENOTSUP when the file system did not take it.
int foundry_disable_copy_on_write(int fd);
int foundry_subvolume_create(const char *parent, const char *name);
/// Fails with ENOTTY or EINVAL when it is no subvolume.
int foundry_subvolume_destroy(const char *parent, const char *name);
/// Brings everything of the file system that holds the path to the disk.
int foundry_sync_file_system(const char *path);
/// Of the file system that holds the path, in bytes: all of it, and what an unprivileged writer may still take.
int foundry_space(const char *path, int64_t *total, int64_t *used, int64_t *available);
/// Opens a block device that nobody else uses; fails with EBUSY when somebody does, with ENOTBLK when it is none. Returns a descriptor.
int foundry_open_block_device(const char *path, int64_t *bytes);

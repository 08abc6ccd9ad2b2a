#define _GNU_SOURCE
#include "CFoundryLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { loop_major = 7, attach_tries = 64 };

static int close_keeping_errno(int fd) {
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int foundry_loop_open(int number) {
    char path[32];
    snprintf(path, sizeof path, "/dev/loop%d", number);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd >= 0 || errno != ENOENT) return fd;
    if (mknod(path, S_IFBLK | 0660, makedev(loop_major, number)) != 0 && errno != EEXIST) return -1;
    return open(path, O_RDWR | O_CLOEXEC);
}

// Another process may take the free device first; then the next one is tried.
static int attach_descriptor(int backing, const char *file, int *number) {
    int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    if (control < 0) return -1;
    struct loop_config config = {.fd = (uint32_t)backing};
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO;
    strncpy((char *)config.info.lo_file_name, file, LO_NAME_SIZE - 1);
    for (int attempt = 0; attempt < attach_tries; attempt++) {
        int free_number = ioctl(control, LOOP_CTL_GET_FREE);
        if (free_number < 0) break;
        int device = foundry_loop_open(free_number);
        if (device < 0) break;
        if (ioctl(device, LOOP_CONFIGURE, &config) == 0) {
            // Where the disk below has larger sectors, direct I/O needs them here, too; without it the device works all the same.
            if (ioctl(device, LOOP_SET_DIRECT_IO, 1UL) != 0 && ioctl(device, LOOP_SET_BLOCK_SIZE, 4096UL) == 0)
                ioctl(device, LOOP_SET_DIRECT_IO, 1UL);
            close(control);
            *number = free_number;
            return device;
        }
        close_keeping_errno(device);
        if (errno != EBUSY) break;
    }
    return close_keeping_errno(control);
}

int foundry_loop_attach(const char *file, int *number) {
    int backing = open(file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (backing < 0) return -1;
    int device = attach_descriptor(backing, file, number);
    close_keeping_errno(backing);
    return device;
}

int foundry_loop_is_backed_by(int number, const char *file) {
    struct stat status;
    if (stat(file, &status) != 0) return errno == ENOENT ? 0 : -1;
    char path[32];
    snprintf(path, sizeof path, "/dev/loop%d", number);
    int device = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (device < 0) return errno == ENOENT || errno == ENXIO ? 0 : -1;
    struct loop_info64 info;
    int result = ioctl(device, LOOP_GET_STATUS64, &info);
    if (result != 0) {
        close_keeping_errno(device);
        return errno == ENXIO ? 0 : -1;
    }
    close(device);
    return info.lo_device == status.st_dev && info.lo_inode == status.st_ino;
}

int foundry_loop_resize(int number) {
    int device = foundry_loop_open(number);
    if (device < 0) return -1;
    if (ioctl(device, LOOP_SET_CAPACITY, 0) != 0) return close_keeping_errno(device);
    return close(device);
}

int foundry_loop_detach(int number) {
    int device = foundry_loop_open(number);
    if (device < 0) return -1;
    if (ioctl(device, LOOP_CLR_FD) != 0 && errno != ENXIO) return close_keeping_errno(device);
    return close(device);
}

// Without nodiscard a loop below would give the pool's blocks back to its host.
int foundry_mount_pool(const char *device, const char *target) {
    return mount(device, target, "btrfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME, "nodiscard");
}

int foundry_mount_volume(const char *device, const char *target) {
    return mount(device, target, "ext4", MS_NOSUID | MS_NODEV | MS_NOATIME, "nodiscard");
}

int foundry_remount_volume(const char *target, int is_synchronous) {
    unsigned long flags = MS_REMOUNT | MS_NOSUID | MS_NODEV | MS_NOATIME;
    if (is_synchronous) flags |= MS_SYNCHRONOUS | MS_DIRSYNC;
    return mount(NULL, target, NULL, flags, "nodiscard");
}

int foundry_mount_directory(const char *directory, const char *target) {
    return mount(directory, target, NULL, MS_BIND, NULL);
}

int foundry_unmount(const char *target) { return umount2(target, UMOUNT_NOFOLLOW); }
int foundry_unmount_lazily(const char *target) { return umount2(target, UMOUNT_NOFOLLOW | MNT_DETACH); }

int foundry_allocate(int fd, int64_t bytes) { return fallocate(fd, 0, 0, bytes); }

int foundry_is_btrfs(const char *path) {
    struct statfs status;
    if (statfs(path, &status) != 0) return -1;
    return status.f_type == BTRFS_SUPER_MAGIC;
}

int foundry_disable_copy_on_write(int fd) {
    int flags = 0;
    if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) return -1;
    flags |= FS_NOCOW_FL;
    if (ioctl(fd, FS_IOC_SETFLAGS, &flags) != 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) return -1;
    if (flags & FS_NOCOW_FL) return 0;
    errno = ENOTSUP;
    return -1;
}

static int subvolume(unsigned long request, const char *parent, const char *name) {
    struct btrfs_ioctl_vol_args arguments = {0};
    if (strlen(name) > BTRFS_PATH_NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(arguments.name, name);
    int directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -1;
    if (ioctl(directory, request, &arguments) != 0) return close_keeping_errno(directory);
    return close(directory);
}

int foundry_subvolume_create(const char *parent, const char *name) { return subvolume(BTRFS_IOC_SUBVOL_CREATE, parent, name); }
int foundry_subvolume_destroy(const char *parent, const char *name) { return subvolume(BTRFS_IOC_SNAP_DESTROY, parent, name); }

int foundry_sync_file_system(const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    if (syncfs(fd) != 0) return close_keeping_errno(fd);
    return close(fd);
}

int foundry_space(const char *path, int64_t *total, int64_t *used, int64_t *available) {
    struct statfs status;
    if (statfs(path, &status) != 0) return -1;
    *total = (int64_t)status.f_blocks * status.f_bsize;
    *used = (int64_t)(status.f_blocks - status.f_bfree) * status.f_bsize;
    *available = (int64_t)status.f_bavail * status.f_bsize;
    return 0;
}

int foundry_open_block_device(const char *path, int64_t *bytes) {
    struct stat status;
    if (stat(path, &status) != 0) return -1;
    if (!S_ISBLK(status.st_mode)) {
        errno = ENOTBLK;
        return -1;
    }
    int fd = open(path, O_RDWR | O_EXCL | O_CLOEXEC);
    if (fd < 0) return -1;
    uint64_t size = 0;
    if (ioctl(fd, BLKGETSIZE64, &size) != 0) return close_keeping_errno(fd);
    *bytes = (int64_t)size;
    return fd;
}

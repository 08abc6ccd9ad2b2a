#define _GNU_SOURCE
#include "containers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char opaque_name[] = "trusted.overlay.opaque";

int foundry_is_opaque(const char *directory) {
    char value = 0;
    return lgetxattr(directory, opaque_name, &value, 1) == 1 && value == 'y';
}

int foundry_is_whiteout(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(0, 0);
}

static int make_opaque(const char *directory) { return lsetxattr(directory, opaque_name, "y", 1, 0); }

// Of a regular file whose name begins with `.wh.`: removes it and leaves overlayfs' mark in its place.
static int convert_mark(char *path, const char *name) {
    static const char opaque[] = ".wh..wh..opq", prefix[] = ".wh.";
    size_t directory = strlen(path) - strlen(name), length = sizeof prefix - 1;
    if (unlink(path) != 0) return -1;
    if (strcmp(name, opaque) == 0) {
        path[directory - 1] = 0;
        return make_opaque(path);
    }
    const char *hidden = name + length;
    // Marks of other storage drivers, which mean nothing here.
    if (strncmp(hidden, prefix, length) == 0) return 0;
    if (*hidden == 0 || strcmp(hidden, ".") == 0 || strcmp(hidden, "..") == 0) {
        errno = EINVAL;
        return -1;
    }
    char *target = strdup(path);
    if (!target) return -1;
    strcpy(target + directory, hidden);
    struct stat status;
    int result = 0;
    // What the layer itself has under that name stays; it hides what lies below it.
    if (lstat(target, &status) != 0)
        result = mknod(target, S_IFCHR, makedev(0, 0));
    else if (S_ISDIR(status.st_mode))
        result = make_opaque(target);
    free(target);
    return result;
}

int foundry_convert_whiteouts(const char *directory) {
    char *roots[] = {(char *)directory, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
    if (!walk) return -1;
    int result = 0;
    while (result == 0) {
        errno = 0;
        FTSENT *entry = fts_read(walk);
        if (!entry) {
            result = errno == 0 ? 0 : -1;
            break;
        }
        if (entry->fts_info == FTS_ERR || entry->fts_info == FTS_DNR || entry->fts_info == FTS_NS) {
            errno = entry->fts_errno;
            result = -1;
        } else if (entry->fts_info == FTS_F && strncmp(entry->fts_name, ".wh.", 4) == 0) {
            char *path = strdup(entry->fts_path);
            result = path ? convert_mark(path, entry->fts_name) : -1;
            free(path);
        }
    }
    int kept = errno;
    fts_close(walk);
    errno = kept;
    return result;
}

int foundry_mount_scratch(const char *target, const char *options) {
    return mount("foundry", target, "tmpfs", MS_NOSUID | MS_NODEV, options);
}

struct overlay {
    const char *directory, *target, *options;
    int error;
};

// A thread may have a working directory of its own, so the process keeps its own.
static void *mount_in_thread(void *argument) {
    struct overlay *overlay = argument;
    if (unshare(CLONE_FS) != 0 || chdir(overlay->directory) != 0
        || mount("foundry", overlay->target, "overlay", MS_NOSUID | MS_NODEV, overlay->options) != 0)
        overlay->error = errno;
    return NULL;
}

int foundry_mount_overlay(const char *directory, const char *target, const char *options) {
    struct overlay overlay = {directory, target, options, 0};
    pthread_t thread;
    int error = pthread_create(&thread, NULL, mount_in_thread, &overlay);
    if (error == 0) {
        pthread_join(thread, NULL);
        error = overlay.error;
    }
    errno = error;
    return error == 0 ? 0 : -1;
}

int foundry_connect_begin(const char *address, uint16_t port) {
    struct sockaddr_in target = {.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, address, &target.sin_addr) != 1) {
        errno = EINVAL;
        return -1;
    }
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    if (connect(descriptor, (struct sockaddr *)&target, sizeof target) == 0 || errno == EINPROGRESS) return descriptor;
    int error = errno;
    close(descriptor);
    errno = error;
    return -1;
}

int foundry_connect_result(int descriptor) {
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return -1;
    errno = error;
    return error == 0 ? 0 : -1;
}

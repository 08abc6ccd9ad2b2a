#define _GNU_SOURCE
#include "CFoundryLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mount.h>
#include <unistd.h>

// A namespace belongs to a thread: this one makes it, leaves it at its file, and ends.
static void *make_and_bind(void *path) {
    if (unshare(CLONE_NEWNET) != 0) return (void *)(intptr_t)errno;
    if (mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL) != 0) return (void *)(intptr_t)errno;
    return NULL;
}

int foundry_network_namespace_create(const char *path) {
    int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0400);
    if (fd < 0) return -1;
    close(fd);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, make_and_bind, (void *)path);
    if (error == 0) {
        void *result = NULL;
        pthread_join(thread, &result);
        error = (int)(intptr_t)result;
    }
    if (error == 0) return 0;
    errno = error;
    return -1;
}

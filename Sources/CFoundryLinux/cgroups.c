#include "cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Far above what a container has: runc attaches one.
enum { most_programs = 64 };

static int bpf(int command, union bpf_attr *attributes) {
    return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

/// Returns how many programs decide about devices in this group itself.
static int list(int group, uint32_t ids[most_programs]) {
    union bpf_attr query;
    memset(&query, 0, sizeof query);
    query.query.target_fd = (uint32_t)group;
    query.query.attach_type = BPF_CGROUP_DEVICE;
    query.query.prog_ids = (uintptr_t)ids;
    query.query.prog_cnt = most_programs;
    return bpf(BPF_PROG_QUERY, &query) == 0 ? (int)query.query.prog_cnt : -1;
}

static int attach(int group, uint32_t id) {
    union bpf_attr attributes;
    memset(&attributes, 0, sizeof attributes);
    attributes.prog_id = id;
    int program = bpf(BPF_PROG_GET_FD_BY_ID, &attributes);
    if (program < 0) return -1;
    memset(&attributes, 0, sizeof attributes);
    attributes.target_fd = (uint32_t)group;
    attributes.attach_bpf_fd = (uint32_t)program;
    attributes.attach_type = BPF_CGROUP_DEVICE;
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    int result = bpf(BPF_PROG_ATTACH, &attributes), problem = errno;
    close(program);
    errno = problem;
    return result;
}

static int copy(int source, int target) {
    uint32_t wanted[most_programs], present[most_programs];
    int wanted_count = list(source, wanted), present_count = list(target, present);
    if (wanted_count < 0 || present_count < 0) return -1;
    for (int i = 0; i < wanted_count; i++) {
        int is_there = 0;
        for (int j = 0; j < present_count; j++) is_there |= present[j] == wanted[i];
        if (!is_there && attach(target, wanted[i]) < 0) return -1;
    }
    return 0;
}

int foundry_copy_device_rules(const char *source, const char *target) {
    int from = open(source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int to = open(target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = from < 0 || to < 0 ? -1 : copy(from, to);
    int problem = errno;
    if (from >= 0) close(from);
    if (to >= 0) close(to);
    errno = problem;
    return result;
}

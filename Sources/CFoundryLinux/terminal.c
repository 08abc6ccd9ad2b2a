#define _GNU_SOURCE
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int foundry_terminal_make(int *ours, int *theirs) {
    char name[64];
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) return -1;
    if (grantpt(terminal) == 0 && unlockpt(terminal) == 0 && ptsname_r(terminal, name, sizeof name) == 0) {
        *theirs = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        *ours = terminal;
        if (*theirs >= 0) return 0;
    }
    int kept = errno;
    close(terminal);
    errno = kept;
    return -1;
}

int foundry_terminal_resize(int terminal, uint16_t rows, uint16_t columns) {
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    return ioctl(terminal, TIOCSWINSZ, &size);
}

int foundry_terminal_size(int terminal, uint16_t *rows, uint16_t *columns) {
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) != 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

static struct termios before, raw;
static int raw_terminal = -1;
static atomic_int is_raw;

void foundry_terminal_restore(void) {
    if (atomic_exchange(&is_raw, 0)) tcsetattr(raw_terminal, TCSANOW, &before);
}

// tcsetattr, signal and raise may be called here: signal-safety(7).
static void on_end(int number) {
    foundry_terminal_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_stop(int number) {
    int kept = errno;
    foundry_terminal_restore();
    raise(SIGSTOP);
    // It goes on.
    if (tcsetattr(raw_terminal, TCSANOW, &raw) == 0) atomic_store(&is_raw, 1);
    errno = kept;
    (void)number;
}

int foundry_terminal_raw(int terminal) {
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
    if (tcgetattr(terminal, &before) != 0) return -1;
    raw = before;
    cfmakeraw(&raw);
    raw_terminal = terminal;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_flags = SA_RESTART;
    action.sa_handler = on_end;
    for (size_t index = 0; index < sizeof ends / sizeof *ends; index++) sigaction(ends[index], &action, NULL);
    action.sa_handler = on_stop;
    sigaction(SIGTSTP, &action, NULL);
    static atomic_int is_registered;
    if (!atomic_exchange(&is_registered, 1)) atexit(foundry_terminal_restore);
    atomic_store(&is_raw, 1);
    if (tcsetattr(terminal, TCSANOW, &raw) == 0) return 0;
    atomic_store(&is_raw, 0);
    return -1;
}

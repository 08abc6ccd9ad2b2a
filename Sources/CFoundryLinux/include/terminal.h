#pragma once

#include <stdint.h>

// Terminals. Each returns -1 with errno set when it fails, unless it says otherwise.

/// Makes a terminal that is nobody's controlling one, and that children do not inherit.
int foundry_terminal_make(int *ours, int *theirs);
int foundry_terminal_resize(int terminal, uint16_t rows, uint16_t columns);
int foundry_terminal_size(int terminal, uint16_t *rows, uint16_t *columns);

/// Hands on every key of a terminal as it is pressed. It is put back as it was by `foundry_terminal_restore`, when the process exits, and when a
/// signal ends it or stops it. One per process.
int foundry_terminal_raw(int terminal);
/// Nothing happens when it is as it was.
void foundry_terminal_restore(void);

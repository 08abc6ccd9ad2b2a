#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's own driver: reads the arguments, and gives the callback one input after the other.
// Source: LLVM, compiler-rt/lib/fuzzer/FuzzerInterface.h.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));

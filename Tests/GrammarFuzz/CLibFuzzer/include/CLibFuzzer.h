#pragma once

#include <stddef.h>
#include <stdint.h>

/// libFuzzer as a function: runs `target` on inputs that it makes, as the options say.
int LLVMFuzzerRunDriver(
    int *argc, char ***argv, int (*target)(const uint8_t *bytes, size_t count));

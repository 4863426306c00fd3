#ifndef PEJLING_VECTOR_WIDTHS_H
#define PEJLING_VECTOR_WIDTHS_H

#include <stdbool.h>
#include <stdint.h>

// A function marked so is there twice on Linux: for vectors of 512 bits (AVX-512 BW), and for what every
// machine has. Which it is, is seen at the start.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_MACHINE __attribute__((target_clones("avx512bw", "default")))
#else
#define FOR_EACH_MACHINE
#endif

/// Sixty-four bytes; anywhere in memory.
typedef uint8_t ByteLanes __attribute__((vector_size(64)));
typedef uint8_t UnalignedByteLanes __attribute__((vector_size(64), aligned(1)));

/// Whether the machine has vectors of 512 bits.
bool machineIsWide(void);

#endif

#ifndef PEJLING_EACH_MACHINE_H
#define PEJLING_EACH_MACHINE_H

// A function marked so is there twice on Linux: for vectors of 512 bits (AVX-512 BW), and for what every
// machine has. Which it is, is seen at the start.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_MACHINE __attribute__((target_clones("avx512bw", "default")))
#else
#define FOR_EACH_MACHINE
#endif

#endif

#include "VectorWidths.h"

bool machineIsWide(void) {
#if defined(__x86_64__) && defined(__linux__)
  return __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

#include "VectorWidths.h"

bool machineIsWide(void) {
#if defined(__x86_64__) && defined(__linux__)
  return __builtin_cpu_supports("x86-64-v4");
#else
  return false;
#endif
}

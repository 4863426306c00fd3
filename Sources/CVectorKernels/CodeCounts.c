#include "CodeCounts.h"

#include <stddef.h>

#include "EachMachine.h"

typedef uint8_t Bytes __attribute__((vector_size(64)));
typedef uint8_t UnalignedBytes __attribute__((vector_size(64), aligned(1)));

// Blocks of 64 rows that a byte can count. So many stay in the nearest cache from one code to the next.
enum { MOST_BLOCKS = 255 };

FOR_EACH_MACHINE
void countCodes(
    const uint8_t *codes, const uint8_t *inside, int64_t rowCount, int64_t codeCount, int64_t *counts) {
  int64_t row = 0;
  while (rowCount - row >= 64) {
    int64_t blocks = (rowCount - row) / 64;
    if (blocks > MOST_BLOCKS) blocks = MOST_BLOCKS;
    const UnalignedBytes *ofRows = (const UnalignedBytes *)(codes + row);
    const UnalignedBytes *isInside = inside ? (const UnalignedBytes *)(inside + row) : NULL;
    for (int64_t code = 0; code < codeCount; code++) {
      const Bytes wanted = (Bytes){0} + (uint8_t)code;
      Bytes found = {0};
      if (isInside) {
        for (int64_t block = 0; block < blocks; block++)
          found -= (Bytes)(ofRows[block] == wanted) & (Bytes)(isInside[block] != 0);
      } else {
        for (int64_t block = 0; block < blocks; block++) found -= (Bytes)(ofRows[block] == wanted);
      }
      for (int lane = 0; lane < 64; lane++) counts[code] += found[lane];
    }
    row += blocks * 64;
  }
  for (; row < rowCount; row++)
    if (codes[row] < codeCount && (!inside || inside[row] != 0)) counts[codes[row]]++;
}

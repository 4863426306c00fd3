#include "CodeCounts.h"

#include "VectorWidths.h"

// A byte counts one row a block, and holds so many.
static const int64_t mostBlocks = 255;

FOR_EACH_MACHINE
void countCodes(
    const uint8_t *codes, const uint8_t *inside, int64_t rowCount, int64_t codeCount, int64_t *counts) {
  int64_t row = 0;
  while (row + 64 <= rowCount) {
    int64_t blocks = (rowCount - row) / 64;
    if (blocks > mostBlocks) blocks = mostBlocks;
    ByteLanes found[MOST_COUNTED_CODES];
    for (int64_t code = 0; code < codeCount; code++) found[code] = (ByteLanes){0};
    for (int64_t block = 0; block < blocks; block++, row += 64) {
      const ByteLanes values = *(const UnalignedByteLanes *)(codes + row);
      // What is left out is equal to none.
      ByteLanes counted = ~(ByteLanes){0};
      if (inside) counted = (ByteLanes)(*(const UnalignedByteLanes *)(inside + row) != 0);
      for (int64_t code = 0; code < codeCount; code++)
        found[code] -= (ByteLanes)(values == (uint8_t)code) & counted;
    }
    for (int64_t code = 0; code < codeCount; code++)
      for (int byte = 0; byte < 64; byte++) counts[code] += found[code][byte];
  }
  for (; row < rowCount; row++)
    if (codes[row] < codeCount && (!inside || inside[row] != 0)) counts[codes[row]]++;
}

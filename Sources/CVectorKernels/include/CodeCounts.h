#ifndef PEJLING_CODE_COUNTS_H
#define PEJLING_CODE_COUNTS_H

#include <stdint.h>

/// The most codes that `countCodes` counts.
#define MOST_COUNTED_CODES 16

/// Adds to `counts` how many rows have each code below `codeCount`.
///
/// - inside: by row, 0 where it is left out; NULL where none is.
void countCodes(
    const uint8_t *codes, const uint8_t *inside, int64_t rowCount, int64_t codeCount, int64_t *counts);

#endif

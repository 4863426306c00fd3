#ifndef PEJLING_CODE_COUNTS_H
#define PEJLING_CODE_COUNTS_H

#include <stdint.h>

/// Adds to `counts` how many rows have each of the first `codeCount` codes (at most 256), of those alone
/// that are not 0 in `inside`, where it is given. Every code is compared with all: while there are few,
/// that is faster than a table of counts.
void countCodes(
    const uint8_t *codes, const uint8_t *inside, int64_t rowCount, int64_t codeCount, int64_t *counts);

#endif

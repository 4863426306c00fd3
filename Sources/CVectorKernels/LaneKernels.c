#include "LaneKernels.h"

#include <string.h>

#include "EachMachine.h"

bool lanesAreWide(void) {
#if defined(__x86_64__) && defined(__linux__)
  return __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

// Products may be fused with their sums.
#pragma STDC FP_CONTRACT ON

#define INLINE static inline __attribute__((always_inline))

typedef double Lanes __attribute__((vector_size(64)));
typedef double UnalignedLanes __attribute__((vector_size(64), aligned(8)));
typedef int64_t Masks __attribute__((vector_size(64)));
typedef uint64_t Words __attribute__((vector_size(64)));
typedef uint8_t ByteLanes __attribute__((vector_size(64)));
typedef uint8_t UnalignedByteLanes __attribute__((vector_size(64), aligned(1)));
typedef int8_t EightBytes __attribute__((vector_size(8)));
typedef uint8_t SixteenBytes __attribute__((vector_size(16), aligned(1)));
typedef uint32_t SixteenCounts __attribute__((vector_size(64), aligned(4)));

// A function would have to hand over a vector that the plain machine does not have.
#define LANES(place) (*(UnalignedLanes *)(place))
#define CONST_LANES(place) (*(const UnalignedLanes *)(place))

// The first or last halves of two vectors, taken in turn.
#define LOW_BYTES(a, b) \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH_BYTES(a, b) \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define LOW_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23)
#define HIGH_PAIRS(a, b) \
  __builtin_shufflevector(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31)
#define LOW_FOURS(a, b) \
  __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
#define HIGH_FOURS(a, b) \
  __builtin_shufflevector(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)

// The level of each byte of a category's counts.
#define EIGHT(level) level, level, level, level, level, level, level, level
static const ByteLanes levelOfByte = {
  EIGHT(0), EIGHT(1), EIGHT(2), EIGHT(3), EIGHT(4), EIGHT(5), EIGHT(6), EIGHT(7),
};

FOR_EACH_MACHINE
void laneReadLevels(
    const uint8_t *codes, int64_t rowCount, const uint8_t *levelOfCode, int64_t codeCount, uint8_t *levels) {
  int64_t row = 0;
  // Comparing with each code is faster than looking levels up, while there are few.
  if (codeCount <= 16) {
    for (; row + 64 <= rowCount; row += 64) {
      const ByteLanes block = *(const UnalignedByteLanes *)(codes + row);
      ByteLanes found = (ByteLanes){0};
      for (int64_t code = 0; code < codeCount; code++) {
        const uint8_t level = ~levelOfCode[code];
        found |= (ByteLanes)(block == (uint8_t)code) & level;
      }
      *(UnalignedByteLanes *)(levels + row) = ~found;
    }
  }
  for (; row < rowCount; row++) levels[row] = levelOfCode[codes[row]];
}

FOR_EACH_MACHINE
void laneInterleave(const uint8_t *levels, int64_t stride, int64_t rowCount, uint8_t *ofRows) {
  for (int64_t row = 0; row < rowCount; row += 16, levels += 16, ofRows += 16 * LANE_COUNT) {
    SixteenBytes lanes[LANE_COUNT], pairs[LANE_COUNT], fours[LANE_COUNT];
    for (int lane = 0; lane < LANE_COUNT; lane++) lanes[lane] = *(const SixteenBytes *)(levels + lane * stride);
    for (int pair = 0; pair < 4; pair++) {
      pairs[pair] = LOW_BYTES(lanes[2 * pair], lanes[2 * pair + 1]);
      pairs[4 + pair] = HIGH_BYTES(lanes[2 * pair], lanes[2 * pair + 1]);
    }
    for (int half = 0; half < 2; half++) {
      for (int four = 0; four < 2; four++) {
        const SixteenBytes left = pairs[4 * half + 2 * four], right = pairs[4 * half + 2 * four + 1];
        fours[4 * half + four] = LOW_PAIRS(left, right);
        fours[4 * half + 2 + four] = HIGH_PAIRS(left, right);
      }
    }
    // By half, then quarter of the rows: the first four lanes, and the last.
    SixteenBytes *place = (SixteenBytes *)ofRows;
    for (int quarter = 0; quarter < 4; quarter++) {
      const SixteenBytes left = fours[2 * quarter], right = fours[2 * quarter + 1];
      *place++ = LOW_FOURS(left, right);
      *place++ = HIGH_FOURS(left, right);
    }
  }
}

// A number known to the compiler keeps the levels in registers.
#define WITH_LEVELS(levelCount, function, ...) \
  switch (levelCount) { \
  case 1: return function(1, __VA_ARGS__); \
  case 2: return function(2, __VA_ARGS__); \
  case 3: return function(3, __VA_ARGS__); \
  case 4: return function(4, __VA_ARGS__); \
  case 5: return function(5, __VA_ARGS__); \
  case 6: return function(6, __VA_ARGS__); \
  case 7: return function(7, __VA_ARGS__); \
  default: return function(MOST_LANE_LEVELS, __VA_ARGS__); \
  }

void laneSortRows(const LaneRows *rows, int64_t first, int64_t count, uint8_t *order, uint8_t *ends) {
  const int64_t tableCount = rows->tableCount, sortedCount = rows->sortedCount;
  const uint16_t *categories = rows->categories + first * tableCount;
  const double *terms = rows->terms + 2 * first;
  memset(ends, 0, sortedCount);
  for (int64_t row = 0; row < count; row++) ends[categories[row * tableCount]] += terms[2 * row + 1] != 0;
  // From counts to starts; a start has become an end when the rows have found their places.
  uint8_t start = 0;
  for (int64_t category = 0; category < sortedCount; category++) {
    const uint8_t rowsOfCategory = ends[category];
    ends[category] = start;
    start += rowsOfCategory;
  }
  for (int64_t row = 0; row < count; row++)
    if (terms[2 * row + 1] != 0) order[ends[categories[row * tableCount]]++] = (uint8_t)row;
}

INLINE void addRowsTo(
    int64_t tableCount, int levelCount, const LaneRows *rows, int64_t first, const uint8_t *order,
    const uint8_t *ends) {
  const int64_t categoryBytes = laneCategoryBytes(levelCount);
  const double *terms = rows->terms + 2 * first;
  const uint8_t *levels = rows->levels + LANE_COUNT * first;
  const uint16_t *categories = rows->categories + tableCount * first;
  uint8_t *const allCells = rows->cells, *sorted = allCells;
  int64_t place = 0;
  for (int64_t category = 0; category < rows->sortedCount; category++, sorted += categoryBytes) {
    if (place == ends[category]) continue;
    Lanes totals[MOST_LANE_LEVELS];
    for (int level = 0; level < levelCount; level++) totals[level] = (Lanes){0};
    ByteLanes counts = {0};
    for (; place < ends[category]; place++) {
      const int64_t row = order[place];
      uint64_t ofRow;
      memcpy(&ofRow, levels + LANE_COUNT * row, 8);
      EightBytes bytes;
      memcpy(&bytes, &ofRow, 8);
      const Masks ofLanes = __builtin_convertvector(bytes, Masks);
      const Lanes weights = (Lanes){0} + terms[2 * row];
      Lanes byLevel[MOST_LANE_LEVELS];
      for (int level = 0; level < levelCount; level++) {
        byLevel[level] = (Lanes)((Masks)weights & (ofLanes == level));
        totals[level] += byLevel[level];
      }
      const ByteLanes isLevel = (ByteLanes)((ByteLanes)((Words){0} + ofRow) == levelOfByte);
      counts -= isLevel;
      for (int64_t table = 1; table < tableCount; table++) {
        uint8_t *cells = allCells + categories[row * tableCount + table] * categoryBytes;
        *(UnalignedByteLanes *)cells -= isLevel;
        UnalignedLanes *sums = (UnalignedLanes *)(cells + 64);
        for (int level = 0; level < levelCount; level++) sums[level] += byLevel[level];
      }
    }
    *(UnalignedByteLanes *)sorted += counts;
    UnalignedLanes *sums = (UnalignedLanes *)(sorted + 64);
    for (int level = 0; level < levelCount; level++) sums[level] += totals[level];
  }
}

// The usual numbers of tables are known to the compiler: no turn of the innermost loop is a surprise.
INLINE void addRows(
    int levelCount, const LaneRows *rows, int64_t first, const uint8_t *order, const uint8_t *ends) {
  switch (rows->tableCount) {
  case 3: return addRowsTo(3, levelCount, rows, first, order, ends);
  case 4: return addRowsTo(4, levelCount, rows, first, order, ends);
  case 5: return addRowsTo(5, levelCount, rows, first, order, ends);
  case 6: return addRowsTo(6, levelCount, rows, first, order, ends);
  default: return addRowsTo(rows->tableCount, levelCount, rows, first, order, ends);
  }
}

FOR_EACH_MACHINE
void laneAddRows(const LaneRows *rows, int64_t first, const uint8_t *order, const uint8_t *ends) {
  WITH_LEVELS(rows->levelCount, addRows, rows, first, order, ends)
}

FOR_EACH_MACHINE
uint8_t laneLargestCount(const uint8_t *cells, int64_t categoryCount, int64_t levelCount) {
  ByteLanes largest = {0};
  for (int64_t category = 0; category < categoryCount; category++) {
    const ByteLanes counts = *(const UnalignedByteLanes *)(cells + category * laneCategoryBytes(levelCount));
    largest = __builtin_elementwise_max(largest, counts);
  }
  return __builtin_reduce_max(largest);
}

FOR_EACH_MACHINE
void laneMoveCounts(uint8_t *cells, int64_t categoryCount, int64_t levelCount, uint32_t *counts) {
  for (int64_t category = 0; category < categoryCount; category++) {
    for (int part = 0; part < 4; part++) {
      SixteenBytes *bytes = (SixteenBytes *)cells + part;
      *(SixteenCounts *)(counts + 16 * part) += __builtin_convertvector(*bytes, SixteenCounts);
      *bytes = (SixteenBytes){0};
    }
    cells += laneCategoryBytes(levelCount);
    counts += 64;
  }
}

INLINE void moveTotals(
    int levelCount, const LaneTable *table, uint8_t *cells, const double *means, double *row,
    uint64_t *touched) {
  const int64_t categoryBytes = laneCategoryBytes(levelCount);
  const int64_t groupSize = levelCount * LANE_COUNT;
  const LaneSide first = table->sides[0], second = table->sides[1], third = table->sides[2];
  cells += table->firstCategory * categoryBytes + 64;
  for (int64_t i = 0; i < first.width; i++) {
    Lanes ofFirst[MOST_LANE_LEVELS];
    for (int level = 0; level < levelCount; level++) ofFirst[level] = (Lanes){0};
    uint64_t firstTouched = 0;
    for (int64_t j = 0; j < second.width; j++) {
      Lanes ofSecond[MOST_LANE_LEVELS];
      for (int level = 0; level < levelCount; level++) ofSecond[level] = (Lanes){0};
      uint64_t secondTouched = 0;
      for (int64_t k = 0; k < third.width; k++, cells += categoryBytes) {
        UnalignedLanes *values = (UnalignedLanes *)cells;
        Words any = {0};
        for (int level = 0; level < levelCount; level++) {
          const Lanes value = values[level];
          values[level] = (Lanes){0};
          any |= (Words)value;
          ofSecond[level] += value;
          if (k < third.groupCount) {
            const int64_t cell = (third.firstCell + level) * LANE_COUNT + k * groupSize;
            LANES(row + cell) = (i + j > 0 ? LANES(row + cell) : -CONST_LANES(means + cell)) + value;
          }
        }
        // No weight is −0.
        const EightBytes lanes = __builtin_convertvector(any != (Words){0}, EightBytes);
        uint64_t categoryTouched;
        memcpy(&categoryTouched, &lanes, 8);
        secondTouched |= categoryTouched;
        if (k < third.groupCount) {
          uint64_t *group = touched + third.firstGroup + k;
          *group = i + j > 0 ? *group | categoryTouched : categoryTouched;
        }
      }
      firstTouched |= secondTouched;
      if (j < second.groupCount) {
        uint64_t *group = touched + second.firstGroup + j;
        *group = i > 0 ? *group | secondTouched : secondTouched;
      }
      for (int level = 0; level < levelCount; level++) {
        ofFirst[level] += ofSecond[level];
        if (j < second.groupCount) {
          const int64_t cell = (second.firstCell + level) * LANE_COUNT + j * groupSize;
          LANES(row + cell) = (i > 0 ? LANES(row + cell) : -CONST_LANES(means + cell)) + ofSecond[level];
        }
      }
    }
    if (i < first.groupCount) {
      touched[first.firstGroup + i] = firstTouched;
      for (int level = 0; level < levelCount; level++) {
        const int64_t cell = (first.firstCell + level) * LANE_COUNT + i * groupSize;
        LANES(row + cell) = ofFirst[level] - CONST_LANES(means + cell);
      }
    }
  }
}

FOR_EACH_MACHINE
void laneMoveTotals(
    const LaneTable *table, int64_t levelCount, uint8_t *cells, const double *means, double *row,
    uint64_t *touched) {
  WITH_LEVELS(levelCount, moveTotals, table, cells, means, row, touched)
}

// Of a band with itself, pairs in one order are enough, and the sums of its cells are added to.
INLINE void addTile(
    bool isOfOneBand, const double *left, const double *right, int64_t stride, int64_t rowCount,
    double *products, double *sumsOfBand) {
  Lanes ofPairs[4][4], ofCells[4];
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j <= (isOfOneBand ? i : 3); j++)
      ofPairs[i][j] = LANES(products + (4 * i + j) * LANE_COUNT);
    if (isOfOneBand) ofCells[i] = LANES(sumsOfBand + i * LANE_COUNT);
  }
  for (int64_t row = 0; row < rowCount; row++, left += stride, right += stride) {
    for (int i = 0; i < 4; i++) {
      const Lanes value = CONST_LANES(left + i * LANE_COUNT);
      for (int j = 0; j <= (isOfOneBand ? i : 3); j++)
        ofPairs[i][j] += value * CONST_LANES(right + j * LANE_COUNT);
      if (isOfOneBand) ofCells[i] += value;
    }
  }
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j <= (isOfOneBand ? i : 3); j++)
      LANES(products + (4 * i + j) * LANE_COUNT) = ofPairs[i][j];
    if (isOfOneBand) LANES(sumsOfBand + i * LANE_COUNT) = ofCells[i];
  }
}

FOR_EACH_MACHINE
void laneAddProducts(
    const double *matrix, int64_t stride, int64_t rowCount, int64_t cellCount, double *products,
    double *sums) {
  const int64_t bandCount = (cellCount + 3) / 4;
  for (int64_t band = 0; band < bandCount; band++) {
    const double *left = matrix + band * 4 * LANE_COUNT;
    for (int64_t other = 0; other < band; other++) {
      addTile(false, left, matrix + other * 4 * LANE_COUNT, stride, rowCount, products, NULL);
      products += 16 * LANE_COUNT;
    }
    addTile(true, left, left, stride, rowCount, products, sums + band * 4 * LANE_COUNT);
    products += 16 * LANE_COUNT;
  }
}

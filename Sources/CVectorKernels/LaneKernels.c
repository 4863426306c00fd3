#include "LaneKernels.h"

#include <string.h>

// A function marked so is there twice on Linux: for vectors of 512 bits (AVX-512 BW), and for what every
// machine has. Which it is, is seen at the start.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_MACHINE __attribute__((target_clones("avx512bw", "default")))
#else
#define FOR_EACH_MACHINE
#endif

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

INLINE void addRows(const LaneRows *rows, int64_t first, int64_t end, int levelCount) {
  const int64_t categoryBytes = laneCategoryBytes(levelCount);
  const int64_t tableCount = rows->tableCount;
  const uint16_t *categories = rows->categories + first * tableCount;
  for (int64_t row = first; row < end; row++, categories += tableCount) {
    const double weight = rows->terms[2 * row];
    const uint8_t counts = rows->terms[2 * row + 1] != 0 ? 1 : 0;
    uint64_t levels;
    memcpy(&levels, rows->levels + 8 * row, 8);
    EightBytes bytes;
    memcpy(&bytes, &levels, 8);
    const Masks ofLanes = __builtin_convertvector(bytes, Masks);
    const Lanes weights = (Lanes){0} + weight;
    Lanes byLevel[MOST_LANE_LEVELS];
    for (int level = 0; level < levelCount; level++)
      byLevel[level] = (Lanes)((Masks)weights & (ofLanes == level));
    const ByteLanes ones = (ByteLanes)((ByteLanes)((Words){0} + levels) == levelOfByte) & counts;
    for (int64_t table = 0; table < tableCount; table++) {
      uint8_t *cells = rows->cells + categories[table] * categoryBytes;
      *(UnalignedByteLanes *)cells += ones;
      UnalignedLanes *sums = (UnalignedLanes *)(cells + 64);
      for (int level = 0; level < levelCount; level++) sums[level] += byLevel[level];
    }
  }
}

FOR_EACH_MACHINE
void laneAddRows(const LaneRows *rows, int64_t first, int64_t end) {
  // A number known to the compiler keeps the levels in registers.
  switch (rows->levelCount) {
  case 1: return addRows(rows, first, end, 1);
  case 2: return addRows(rows, first, end, 2);
  case 3: return addRows(rows, first, end, 3);
  case 4: return addRows(rows, first, end, 4);
  case 5: return addRows(rows, first, end, 5);
  case 6: return addRows(rows, first, end, 6);
  case 7: return addRows(rows, first, end, 7);
  default: return addRows(rows, first, end, 8);
  }
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

INLINE void moveTotals(const LaneTable *table, int levelCount, uint8_t *cells, double *row) {
  const int64_t categoryBytes = laneCategoryBytes(levelCount);
  const int64_t groupSize = levelCount * LANE_COUNT;
  const LaneSide *sides = table->sides;
  cells += table->firstCategory * categoryBytes + 64;
  double *first = row + sides[0].firstCell * LANE_COUNT;
  for (int64_t i = 0; i < sides[0].width; i++, first += groupSize) {
    Lanes ofFirst[MOST_LANE_LEVELS];
    for (int level = 0; level < levelCount; level++) ofFirst[level] = (Lanes){0};
    double *second = row + sides[1].firstCell * LANE_COUNT;
    for (int64_t j = 0; j < sides[1].width; j++, second += groupSize) {
      Lanes ofSecond[MOST_LANE_LEVELS];
      for (int level = 0; level < levelCount; level++) ofSecond[level] = (Lanes){0};
      double *third = row + sides[2].firstCell * LANE_COUNT;
      for (int64_t k = 0; k < sides[2].width; k++, third += groupSize, cells += categoryBytes) {
        UnalignedLanes *values = (UnalignedLanes *)cells;
        for (int level = 0; level < levelCount; level++) {
          const Lanes value = values[level];
          values[level] = (Lanes){0};
          ofSecond[level] += value;
          if (k < sides[2].groupCount) {
            double *cell = third + level * LANE_COUNT;
            LANES(cell) = i + j > 0 ? LANES(cell) + value : value;
          }
        }
      }
      for (int level = 0; level < levelCount; level++) {
        ofFirst[level] += ofSecond[level];
        if (j < sides[1].groupCount) {
          double *cell = second + level * LANE_COUNT;
          LANES(cell) = i > 0 ? LANES(cell) + ofSecond[level] : ofSecond[level];
        }
      }
    }
    if (i < sides[0].groupCount)
      for (int level = 0; level < levelCount; level++) LANES(first + level * LANE_COUNT) = ofFirst[level];
  }
}

FOR_EACH_MACHINE
void laneMoveTotals(const LaneTable *table, int64_t levelCount, uint8_t *cells, double *row) {
  switch (levelCount) {
  case 1: return moveTotals(table, 1, cells, row);
  case 2: return moveTotals(table, 2, cells, row);
  case 3: return moveTotals(table, 3, cells, row);
  case 4: return moveTotals(table, 4, cells, row);
  case 5: return moveTotals(table, 5, cells, row);
  case 6: return moveTotals(table, 6, cells, row);
  case 7: return moveTotals(table, 7, cells, row);
  default: return moveTotals(table, 8, cells, row);
  }
}

FOR_EACH_MACHINE
uint64_t laneUntouched(const double *row, int64_t groupCount, int64_t levelCount) {
  Masks untouched = {0};
  for (int64_t group = 0; group < groupCount; group++) {
    // Weights are not negative.
    Lanes total = {0};
    for (int64_t level = 0; level < levelCount; level++, row += LANE_COUNT) total += CONST_LANES(row);
    untouched |= total == (Lanes){0};
  }
  const EightBytes bytes = __builtin_convertvector(untouched, EightBytes);
  uint64_t lanes;
  memcpy(&lanes, &bytes, 8);
  return lanes;
}

FOR_EACH_MACHINE
void laneCentre(
    double *matrix, int64_t stride, int64_t rowCount, int64_t cellCount, const double *means, double *sums) {
  for (int64_t cell = 0; cell < cellCount; cell++) {
    const Lanes mean = CONST_LANES(means + cell * LANE_COUNT);
    Lanes sum = LANES(sums + cell * LANE_COUNT);
    double *place = matrix + cell * LANE_COUNT;
    for (int64_t row = 0; row < rowCount; row++, place += stride) {
      const Lanes difference = LANES(place) - mean;
      sum += difference;
      LANES(place) = difference;
    }
    LANES(sums + cell * LANE_COUNT) = sum;
  }
}

// Of a band with itself, pairs in one order are enough.
INLINE void addTile(
    const double *left, const double *right, int64_t stride, int64_t rowCount, bool isOfOneBand,
    double *products) {
  Lanes sums[4][4];
  for (int i = 0; i < 4; i++)
    for (int j = 0; j <= (isOfOneBand ? i : 3); j++) sums[i][j] = LANES(products + (4 * i + j) * LANE_COUNT);
  for (int64_t row = 0; row < rowCount; row++, left += stride, right += stride)
    for (int i = 0; i < 4; i++)
      for (int j = 0; j <= (isOfOneBand ? i : 3); j++)
        sums[i][j] += CONST_LANES(left + i * LANE_COUNT) * CONST_LANES(right + j * LANE_COUNT);
  for (int i = 0; i < 4; i++)
    for (int j = 0; j <= (isOfOneBand ? i : 3); j++) LANES(products + (4 * i + j) * LANE_COUNT) = sums[i][j];
}

FOR_EACH_MACHINE
void laneAddProducts(
    const double *matrix, int64_t stride, int64_t rowCount, int64_t cellCount, double *products) {
  const int64_t bandCount = (cellCount + 3) / 4;
  for (int64_t band = 0; band < bandCount; band++) {
    const double *left = matrix + band * 4 * LANE_COUNT;
    for (int64_t other = 0; other < band; other++) {
      addTile(left, matrix + other * 4 * LANE_COUNT, stride, rowCount, false, products);
      products += 16 * LANE_COUNT;
    }
    addTile(left, left, stride, rowCount, true, products);
    products += 16 * LANE_COUNT;
  }
}

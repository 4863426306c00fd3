#ifndef PEJLING_LANE_KERNELS_H
#define PEJLING_LANE_KERNELS_H

// The loops of a fold of PSUs over the tables of eight items at once: a lane an item.
//
// Each is there for vectors of 512 bits and for whatever every machine has, chosen at the start. Where the
// machine can, a product is fused with its sum: the last bit may be another. Clang alone knows these vectors.

#include <stdbool.h>
#include <stdint.h>

/// Items abreast, and the most levels that they may have.
#define LANE_COUNT 8
#define MOST_LANE_LEVELS 8
/// Cells after the last of a matrix that `laneAddProducts` reads: they come to nothing.
#define LANE_CELLS_READ_BEYOND 3

/// Rows of a batch, and the cells that they are added to.
typedef struct {
  /// By row: its weight, then 1, or 0 and 0 where it does not count.
  const double *terms;
  /// By row, then lane: a level, or 255 for none.
  const uint8_t *levels;
  /// By row, then table: a category.
  const uint16_t *categories;
  int64_t tableCount;
  int64_t levelCount;
  /// By category: a byte a level and lane (64), then the weights by level and lane.
  uint8_t *cells;
} LaneRows;

/// Categories of one table: those from `groupCount` on are in no group of it.
typedef struct {
  int64_t width, groupCount, firstCell;
} LaneSide;

/// A table of categories, or up to three that are crossed, the first varying slowest. Where there are
/// fewer, a side has one category and no group.
typedef struct {
  int64_t firstCategory;
  LaneSide sides[3];
} LaneTable;

/// Whether the machine has vectors of 512 bits.
bool lanesAreWide(void);

/// Bytes of a category's cells.
static inline int64_t laneCategoryBytes(int64_t levelCount) { return 64 * (1 + levelCount); }

/// The level of each code, of which there are `codeCount`.
void laneReadLevels(
    const uint8_t *codes, int64_t rowCount, const uint8_t *levelOfCode, int64_t codeCount, uint8_t *levels);

/// Levels by lane, `stride` apart, as levels by row, then lane. Up to 15 rows beyond are read and written.
void laneInterleave(const uint8_t *levels, int64_t stride, int64_t rowCount, uint8_t *ofRows);

/// Adds rows: weights, and counts. No count may pass 255: `laneMoveCounts` in time.
void laneAddRows(const LaneRows *rows, int64_t first, int64_t end);

/// The largest of the counts of categories.
uint8_t laneLargestCount(const uint8_t *cells, int64_t categoryCount, int64_t levelCount);

/// Moves the counts of categories to `counts`, by category, level and lane (64 a category).
void laneMoveCounts(uint8_t *cells, int64_t categoryCount, int64_t levelCount, uint32_t *counts);

/// Moves the weights of a table's cells to a row of a matrix, by cell and lane.
void laneMoveTotals(const LaneTable *table, int64_t levelCount, uint8_t *cells, double *row);

/// Lanes with a group that has no weight at all: their bytes are 255, others 0.
///
/// - row: the cells of a table, by group, level and lane.
uint64_t laneUntouched(const double *row, int64_t groupCount, int64_t levelCount);

/// Takes the means off the rows of a matrix (`cellCount` cells, `stride` numbers a row), and sums what is
/// left.
void laneCentre(
    double *matrix, int64_t stride, int64_t rowCount, int64_t cellCount, const double *means, double *sums);

/// Adds Σ x·x′ over the rows of a matrix, of every two of its first `cellCount` cells.
///
/// - products: by band of four cells, then band up to it, as tiles: four cells of the first by four of the
///   second, each a number a lane. In a tile of a band with itself the second cell is not after the first.
void laneAddProducts(
    const double *matrix, int64_t stride, int64_t rowCount, int64_t cellCount, double *products);

#endif

#ifndef PEJLING_LANE_KERNELS_H
#define PEJLING_LANE_KERNELS_H

// The loops of a fold of PSUs over the tables of eight items at once: a lane an item.
//
// Those over vectors are there for 512 bits and for whatever every machine has, chosen at the start. Where the
// machine can, a product is fused with its sum: the last bit may be another. Clang alone knows these vectors.

#include <stdbool.h>
#include <stdint.h>

/// Items abreast, and the most levels that they may have.
#define LANE_COUNT 8
#define MOST_LANE_LEVELS 8
/// Rows sorted and added at once: their numbers and counts are bytes.
#define MOST_LANE_ROWS 255
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
  /// Categories of the first table, which are the first of all.
  int64_t sortedCount;
  int64_t levelCount;
  /// By category: a byte a level and lane (64), then the weights by level and lane.
  uint8_t *cells;
} LaneRows;

/// Categories of one table: those from `groupCount` on are in no group of it.
typedef struct {
  int64_t width, groupCount, firstCell, firstGroup;
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

/// Sorts up to `MOST_LANE_ROWS` rows by their category in the first table; rows that do not count are left
/// out. Levels and cells are not needed yet.
///
/// - order: the rows, counted from the first.
/// - ends: by category of the first table, the place in `order` after its last row.
void laneSortRows(const LaneRows *rows, int64_t first, int64_t count, uint8_t *order, uint8_t *ends);

/// Adds rows that are sorted so: weights, and counts. Those of a category of the first table are summed
/// before they are stored: additions to memory take most of the time.
///
/// No count may pass 255: `laneMoveCounts` in time.
void laneAddRows(const LaneRows *rows, int64_t first, const uint8_t *order, const uint8_t *ends);

/// The largest of the counts of categories.
uint8_t laneLargestCount(const uint8_t *cells, int64_t categoryCount, int64_t levelCount);

/// Moves the counts of categories to `counts`, by category, level and lane (64 a category).
void laneMoveCounts(uint8_t *cells, int64_t categoryCount, int64_t levelCount, uint32_t *counts);

/// Moves the weights of a table's cells to a row of a matrix, less the means.
///
/// - means, row: by cell and lane.
/// - touched: by group, then a byte a lane: 255 where it has weight, otherwise 0.
void laneMoveTotals(
    const LaneTable *table, int64_t levelCount, uint8_t *cells, const double *means, double *row,
    uint64_t *touched);

/// Adds Σ x·x′ over the rows of a matrix, of every two of its first `cellCount` cells, and Σ x.
///
/// - stride: numbers a row.
/// - products: by band of four cells, then band up to it, as tiles: four cells of the first by four of the
///   second, each a number a lane. In a tile of a band with itself the second cell is not after the first.
/// - sums: by cell and lane, for whole bands.
void laneAddProducts(
    const double *matrix, int64_t stride, int64_t rowCount, int64_t cellCount, double *products,
    double *sums);

#endif

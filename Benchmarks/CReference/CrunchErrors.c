// W3se: the share of each item level within its banner level and its error, for every item by every
// banner column, where every row is a sampling unit: histograms of w, its square and rows.
#include <math.h>
#include <string.h>

#include "CReference.h"
#include "Parts.h"

// Codes below 8: no check, no branch; levels are those below 5.
enum { codes = 8, slots = codes * codes, copies = 4, levels = 5 };

typedef struct {
  double weight;
  double square;
} slot;

typedef struct {
  size_t rows;
  const double *weight;
  const uint8_t *const *items;
  size_t item_count;
  const uint8_t *const *banners;
  size_t banner_count;
  slot (*tables)[slots];
} errors_task;

static void count(void *context, int part, int parts) {
  errors_task *task = context;
  size_t start = part_start(task->rows, part, parts);
  size_t end = part_start(task->rows, part + 1, parts);
  const double *restrict weight = task->weight;
  size_t tables = task->item_count * task->banner_count;
  for (size_t item = 0; item < task->item_count; item++)
    for (size_t banner = 0; banner < task->banner_count; banner++) {
      const uint8_t *restrict low = task->items[item];
      const uint8_t *restrict high = task->banners[banner];
      slot table[copies][slots];
      memset(table, 0, sizeof table);
      size_t row = start;
      for (; row + copies <= end; row += copies)
        for (int copy = 0; copy < copies; copy++) {
          slot *place = &table[copy][high[row + copy] * codes + low[row + copy]];
          double w = weight[row + copy];
          place->weight += w;
          place->square += w * w;
        }
      for (; row < end; row++) {
        slot *place = &table[0][high[row] * codes + low[row]];
        place->weight += weight[row];
        place->square += weight[row] * weight[row];
      }
      slot *total = task->tables[(size_t)part * tables + item * task->banner_count + banner];
      for (int place = 0; place < slots; place++) {
        total[place] = (slot){0, 0};
        for (int copy = 0; copy < copies; copy++) {
          total[place].weight += table[copy][place].weight;
          total[place].square += table[copy][place].square;
        }
      }
    }
}

void reference_w3se(
  size_t rows, const double *weight, const uint8_t *const *items, size_t item_count,
  const uint8_t *const *banners, size_t banner_count, int threads, double *scratch,
  reference_share *result) {
  errors_task task = {
    rows, weight, items, item_count, banners, banner_count, (slot(*)[slots])scratch};
  for_each_part(threads, count, &task);
  size_t tables = item_count * banner_count;
  double n = (double)rows;
  for (size_t table = 0; table < tables; table++)
    for (int group = 0; group < codes; group++) {
      slot cells[levels] = {{0, 0}};
      slot base = {0, 0};
      for (int level = 0; level < levels; level++) {
        for (int part = 0; part < threads; part++) {
          slot *found = &task.tables[(size_t)part * tables + table][group * codes + level];
          cells[level].weight += found->weight;
          cells[level].square += found->square;
        }
        base.weight += cells[level].weight;
        base.square += cells[level].square;
      }
      for (int level = 0; level < levels; level++) {
        // z = w (1[level] − p) / Σw, whose sum is 0.
        double p = cells[level].weight / base.weight;
        double squares =
          (1 - 2 * p) * cells[level].square + p * p * base.square;
        reference_share *share = &result[(table * codes + (size_t)group) * levels + (size_t)level];
        share->share = p;
        share->standard_error = sqrt(n / (n - 1) * squares) / base.weight;
      }
    }
}

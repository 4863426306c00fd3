// W2: a histogram with eight sub-histograms, so that runs of equal codes do not wait on themselves.
#include <string.h>

#include "CReference.h"
#include "Parts.h"

// Banner and item codes below 16 and 8: no check, no branch; unused slots are dropped at the end.
enum { items = 8, slots = 16 * items, copies = 8 };

typedef struct {
  size_t rows;
  const double *weight;
  const uint8_t *banner;
  const uint8_t *item;
  double totals[2][slots];
} histogram_task;

static void count(void *context, int part, int parts) {
  histogram_task *task = context;
  const double *restrict weight = task->weight;
  const uint8_t *restrict banner = task->banner;
  const uint8_t *restrict item = task->item;
  double table[copies][slots];
  memset(table, 0, sizeof table);
  size_t row = part_start(task->rows, part, parts);
  size_t end = part_start(task->rows, part + 1, parts);
  for (; row + copies <= end; row += copies)
    for (int copy = 0; copy < copies; copy++)
      table[copy][banner[row + copy] * items + item[row + copy]] += weight[row + copy];
  for (; row < end; row++) table[0][banner[row] * items + item[row]] += weight[row];
  for (int slot = 0; slot < slots; slot++) {
    double total = 0;
    for (int copy = 0; copy < copies; copy++) total += table[copy][slot];
    task->totals[part][slot] = total;
  }
}

void reference_w2(
  size_t rows, const double *weight, const uint8_t *banner, const uint8_t *item, int threads,
  double result[40]) {
  histogram_task task = {rows, weight, banner, item, {{0}}};
  for_each_part(threads, count, &task);
  for (int group = 0; group < 8; group++)
    for (int level = 0; level < 5; level++)
      result[group * 5 + level] =
        task.totals[0][group * items + level] + task.totals[1][group * items + level];
}

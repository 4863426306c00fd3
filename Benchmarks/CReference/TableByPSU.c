// W2se: every row into its PSU's table of 8 × 8 slots, then the variance of 40 shares over PSUs.
#include <math.h>
#include <string.h>

#include "CReference.h"
#include "Parts.h"

enum { groups = 8, levels = 5, width = 8, slots = groups * width, cells = groups * levels };

typedef struct {
  const reference_design *design;
  const uint8_t *banner;
  const uint8_t *item;
  double *scratch;
  double totals[2][slots];
  double shares[cells];
  double bases[groups];
  /// By thread, stratum and cell: Σz and Σz².
  double sums[2][256][2][cells];
} table_task;

static void scatter(void *context, int part, int parts) {
  table_task *task = context;
  const reference_design *design = task->design;
  const double *restrict weight = design->weight;
  const uint16_t *restrict psu = design->psu;
  const uint8_t *restrict banner = task->banner;
  const uint8_t *restrict item = task->item;
  double *restrict table = task->scratch + (size_t)part * slots * design->psus;
  memset(table, 0, slots * design->psus * sizeof *table);
  size_t end = part_start(design->rows, part + 1, parts);
  for (size_t row = part_start(design->rows, part, parts); row < end; row++)
    table[(size_t)psu[row] * slots + banner[row] * width + item[row]] += weight[row];
}

/// Adds the second thread's tables to the first's, and up the totals.
static void merge(void *context, int part, int parts) {
  table_task *task = context;
  const reference_design *design = task->design;
  double *restrict totals = task->totals[part];
  memset(totals, 0, sizeof task->totals[part]);
  size_t end = part_start(design->psus, part + 1, parts);
  for (size_t psu = part_start(design->psus, part, parts); psu < end; psu++) {
    double *restrict table = task->scratch + psu * slots;
    const double *restrict other = table + slots * design->psus;
    for (int slot = 0; slot < slots; slot++) {
      if (parts > 1) table[slot] += other[slot];
      totals[slot] += table[slot];
    }
  }
}

static void linearise(void *context, int part, int parts) {
  table_task *task = context;
  const reference_design *design = task->design;
  memset(task->sums[part], 0, design->strata * sizeof task->sums[part][0]);
  size_t end = part_start(design->psus, part + 1, parts);
  for (size_t psu = part_start(design->psus, part, parts); psu < end; psu++) {
    const double *restrict table = task->scratch + psu * slots;
    double(*restrict sums)[cells] = task->sums[part][design->stratum_of_psu[psu]];
    for (int group = 0; group < groups; group++) {
      const double *restrict row = table + group * width;
      double base = row[0] + row[1] + row[2] + row[3] + row[4];
      if (base == 0) continue;
      double scale = 1 / task->bases[group];
      for (int level = 0; level < levels; level++) {
        int cell = group * levels + level;
        double z = (row[level] - task->shares[cell] * base) * scale;
        sums[0][cell] += z;
        sums[1][cell] += z * z;
      }
    }
  }
}

void reference_w2se(
  reference_design design, const uint8_t *banner, const uint8_t *item, double *scratch,
  reference_share result[40]) {
  table_task task;
  task.design = &design;
  task.banner = banner;
  task.item = item;
  task.scratch = scratch;
  for_each_part(design.threads, scatter, &task);
  for_each_part(design.threads, merge, &task);
  for (int group = 0; group < groups; group++) {
    double base = 0;
    double totals[levels];
    for (int level = 0; level < levels; level++) {
      totals[level] = task.totals[0][group * width + level];
      if (design.threads > 1) totals[level] += task.totals[1][group * width + level];
      base += totals[level];
    }
    task.bases[group] = base;
    for (int level = 0; level < levels; level++)
      task.shares[group * levels + level] = totals[level] / base;
  }
  for_each_part(design.threads, linearise, &task);
  for (int cell = 0; cell < cells; cell++) {
    double variance = 0;
    for (size_t stratum = 0; stratum < design.strata; stratum++) {
      double sum = task.sums[0][stratum][0][cell], squares = task.sums[0][stratum][1][cell];
      if (design.threads > 1) {
        sum += task.sums[1][stratum][0][cell];
        squares += task.sums[1][stratum][1][cell];
      }
      double n = design.psus_in_stratum[stratum];
      variance += n / (n - 1) * (squares - sum * sum / n);
    }
    result[cell].share = task.shares[cell];
    result[cell].standard_error = sqrt(variance);
  }
}

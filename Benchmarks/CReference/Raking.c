// W5: raking on the cells of the margins' crossing. Codes are counted by cell in one pass, margins are
// fitted on the cells, and a second pass writes the weights.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CReference.h"
#include "Parts.h"

enum { most_margins = 8, copies = 4 };

typedef struct {
  reference_margins margins;
  size_t rows;
  const double *weight;
  size_t cells;
  uint32_t strides[most_margins];
  double *sums[2];
  const double *factors;
  double *result;
} raking_task;

static inline uint32_t cell_of(const raking_task *task, size_t row) {
  uint32_t cell = 0;
  for (int margin = 0; margin < task->margins.count; margin++)
    cell += task->margins.codes[margin][row] * task->strides[margin];
  return cell;
}

static void count(void *context, int part, int parts) {
  raking_task *task = context;
  size_t stride = task->cells;
  // Copies where they stay in the nearest cache: equal codes in a row would wait for each other.
  size_t used = stride <= 512 ? copies : 1;
  double *table = calloc(used * stride, sizeof *table);
  size_t end = part_start(task->rows, part + 1, parts);
  for (size_t row = part_start(task->rows, part, parts); row < end; row++)
    table[(row & (used - 1)) * stride + cell_of(task, row)] += task->weight[row];
  for (size_t cell = 0; cell < stride; cell++) {
    double sum = 0;
    for (size_t copy = 0; copy < used; copy++) sum += table[copy * stride + cell];
    task->sums[part][cell] = sum;
  }
  free(table);
}

static void scale(void *context, int part, int parts) {
  raking_task *task = context;
  size_t end = part_start(task->rows, part + 1, parts);
  for (size_t row = part_start(task->rows, part, parts); row < end; row++)
    task->result[row] = task->weight[row] * task->factors[cell_of(task, row)];
}

int reference_w5(
  size_t rows, const double *weight, reference_margins margins, int threads, size_t step,
  double *sample) {
  raking_task task = {.margins = margins, .rows = rows, .weight = weight, .cells = 1};
  for (int margin = margins.count; margin-- > 0;) {
    task.strides[margin] = (uint32_t)task.cells;
    task.cells *= (size_t)margins.sizes[margin];
  }
  task.sums[0] = calloc(2 * task.cells, sizeof(double));
  task.sums[1] = task.sums[0] + task.cells;
  double *factors = malloc(task.cells * sizeof *factors);
  task.result = malloc(rows * sizeof *task.result);
  for_each_part(threads, count, &task);

  // The cells that have rows, with their categories.
  uint32_t *cells = malloc(task.cells * sizeof *cells);
  uint8_t *categories = malloc(task.cells * (size_t)margins.count);
  size_t units = 0;
  double total = 0;
  for (size_t cell = 0; cell < task.cells; cell++) {
    double sum = task.sums[0][cell] + task.sums[1][cell];
    factors[cell] = 0;
    if (sum <= 0) continue;
    task.sums[0][units] = sum;
    total += sum;
    for (int margin = 0; margin < margins.count; margin++)
      categories[(size_t)margin * task.cells + units] =
        (uint8_t)(cell / task.strides[margin] % (size_t)margins.sizes[margin]);
    cells[units++] = (uint32_t)cell;
  }
  double *unit = malloc(units * sizeof *unit);
  for (size_t index = 0; index < units; index++) unit[index] = margins.population / total;
  int sweeps = 0;
  for (double worst = 1; worst > 1e-9; sweeps++) {
    worst = 0;
    for (int margin = 0; margin < margins.count; margin++) {
      double sums[256] = {0};
      const uint8_t *category = categories + (size_t)margin * task.cells;
      for (size_t index = 0; index < units; index++)
        sums[category[index]] += task.sums[0][index] * unit[index];
      for (int level = 0; level < margins.sizes[margin]; level++) {
        double target = margins.targets[margin][level];
        double error = fabs(sums[level] - target) / target;
        if (error > worst) worst = error;
        sums[level] = target / sums[level];
      }
      for (size_t index = 0; index < units; index++) unit[index] *= sums[category[index]];
    }
  }
  for (size_t index = 0; index < units; index++) factors[cells[index]] = unit[index];
  task.factors = factors;
  for_each_part(threads, scale, &task);
  for (size_t row = 0, place = 0; row < rows; row += step) sample[place++] = task.result[row];
  free(task.result);
  free(task.sums[0]);
  free(factors);
  free(cells);
  free(categories);
  free(unit);
  return sweeps;
}

// W6: a regression on a time and three factors, respondents counted into cells of equal covariates.
//
// As W1 and W4 it takes the rows in the order of the file, with a vector of scores a PSU in memory, a
// copy of it a thread. Codes are dense and without missing ones, the item's apart, and PSUs come with
// their strata: what the library knows from its design too.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CReference.h"
#include "Parts.h"

enum { columns = 6, cells = 6 * 2 * 2 * 3 };

typedef struct {
  double x[cells][8];
  double weight[cells], sum[cells], mean[cells];
} cell_table;

/// 1, time, two dummies of two categories, two of three: what R's model matrix has.
static void fill_cells(cell_table *table) {
  memset(table, 0, sizeof *table);
  for (int cell = 0; cell < cells; cell++) {
    int time = cell / 12, a = cell / 6 % 2, b = cell / 3 % 2, c = cell % 3;
    double *x = table->x[cell];
    x[0] = 1;
    // Centred, as a careful programmer would.
    x[1] = time + 1 - 3.5;
    x[2] = a;
    x[3] = b;
    x[4] = c == 1;
    x[5] = c == 2;
  }
}

/// Cholesky on the normal equations; the inverse too where it is asked for.
static void solve(double gram[columns][columns], double *right, double inverse[columns][columns]) {
  double factor[columns][columns];
  for (int row = 0; row < columns; row++)
    for (int column = 0; column <= row; column++) {
      double value = gram[row][column];
      for (int inner = 0; inner < column; inner++) value -= factor[row][inner] * factor[column][inner];
      factor[row][column] = column < row ? value / factor[column][column] : sqrt(value);
    }
  for (int side = 0; side < (inverse ? columns + 1 : 1); side++) {
    double unit[columns] = {0};
    double *x = side == 0 ? right : unit;
    if (side > 0) unit[side - 1] = 1;
    for (int row = 0; row < columns; row++) {
      for (int inner = 0; inner < row; inner++) x[row] -= factor[row][inner] * x[inner];
      x[row] /= factor[row][row];
    }
    for (int row = columns - 1; row >= 0; row--) {
      for (int inner = row + 1; inner < columns; inner++) x[row] -= factor[inner][row] * x[inner];
      x[row] /= factor[row][row];
    }
    if (side > 0) memcpy(inverse[side - 1], unit, sizeof unit);
  }
}

typedef struct {
  const reference_design *design;
  const uint8_t *time, *a, *b, *c, *item;
  const double *value;
  cell_table *tables;
  double *scratch;
} row_task;

static inline int cell_of(const row_task *task, size_t row) {
  return ((task->time[row] * 2 + task->a[row]) * 2 + task->b[row]) * 3 + task->c[row];
}

static void count_rows(void *context, int part, int parts) {
  const row_task *task = context;
  const double *restrict weight = task->design->weight;
  cell_table *restrict table = task->tables + part;
  size_t end = part_start(task->design->rows, part + 1, parts);
  for (size_t row = part_start(task->design->rows, part, parts); row < end; row++) {
    double y = task->value[task->item[row]];
    if (y < 0) continue;
    int cell = cell_of(task, row);
    table->weight[cell] += weight[row];
    table->sum[cell] += weight[row] * y;
  }
}

static void score_rows(void *context, int part, int parts) {
  const row_task *task = context;
  const reference_design *design = task->design;
  const cell_table *table = task->tables;
  double *scratch = task->scratch + (size_t)part * 8 * design->psus;
  memset(scratch, 0, 8 * design->psus * sizeof *scratch);
  size_t end = part_start(design->rows, part + 1, parts);
  for (size_t row = part_start(design->rows, part, parts); row < end; row++) {
    double y = task->value[task->item[row]];
    if (y < 0) continue;
    int cell = cell_of(task, row);
    double residual = design->weight[row] * (y - table->mean[cell]);
    double *restrict score = scratch + 8 * (size_t)design->psu[row];
    const double *restrict x = table->x[cell];
    for (int j = 0; j < 8; j++) score[j] += residual * x[j];
  }
}

void reference_w6(
  reference_design design, const uint8_t *time, const uint8_t *a, const uint8_t *b, const uint8_t *c,
  const uint8_t *item, const double value[256], int is_logistic, double *scratch,
  reference_share result[6]) {
  static cell_table tables[2];
  for (int part = 0; part < 2; part++) fill_cells(&tables[part]);
  row_task task = {&design, time, a, b, c, item, value, tables, scratch};
  for_each_part(design.threads, count_rows, &task);
  cell_table *table = tables;
  for (int cell = 0; cell < cells; cell++) {
    table->weight[cell] += tables[1].weight[cell];
    table->sum[cell] += tables[1].sum[cell];
  }
  double beta[columns] = {0}, inverse[columns][columns];
  for (int step = 0; step < 30; step++) {
    double gram[columns][columns] = {{0}}, gradient[columns] = {0};
    for (int cell = 0; cell < cells; cell++) {
      double eta = 0;
      for (int j = 0; j < columns; j++) eta += table->x[cell][j] * beta[j];
      double mean = is_logistic ? 1 / (1 + exp(-eta)) : eta;
      double slope = is_logistic ? mean * (1 - mean) : 1;
      table->mean[cell] = mean;
      for (int j = 0; j < columns; j++) {
        gradient[j] += (table->sum[cell] - table->weight[cell] * mean) * table->x[cell][j];
        for (int k = 0; k <= j; k++)
          gram[j][k] += table->weight[cell] * slope * table->x[cell][j] * table->x[cell][k];
      }
    }
    solve(gram, gradient, inverse);
    double largest = 0;
    for (int j = 0; j < columns; j++) {
      beta[j] += gradient[j];
      largest = fmax(largest, fabs(gradient[j]));
    }
    if (largest < 1e-13) break;
  }
  for_each_part(design.threads, score_rows, &task);
  for (int part = 1; part < design.threads; part++) {
    const double *other = scratch + (size_t)part * 8 * design.psus;
    for (size_t index = 0; index < 8 * design.psus; index++) scratch[index] += other[index];
  }
  double meat[columns][columns] = {{0}};
  double *sums = calloc(design.strata * 64, sizeof *sums);
  double *totals = calloc(design.strata * 8, sizeof *totals);
  for (size_t psu = 0; psu < design.psus; psu++) {
    const double *score = scratch + 8 * psu;
    size_t stratum = design.stratum_of_psu[psu];
    for (int j = 0; j < columns; j++) {
      totals[8 * stratum + j] += score[j];
      for (int k = 0; k <= j; k++) sums[64 * stratum + 8 * j + k] += score[j] * score[k];
    }
  }
  for (size_t stratum = 0; stratum < design.strata; stratum++) {
    double n = design.psus_in_stratum[stratum];
    for (int j = 0; j < columns; j++)
      for (int k = 0; k <= j; k++) {
        double product = sums[64 * stratum + 8 * j + k];
        product -= totals[8 * stratum + j] * totals[8 * stratum + k] / n;
        meat[j][k] += n / (n - 1) * product;
        meat[k][j] = meat[j][k];
      }
  }
  free(sums);
  free(totals);
  // The intercept is that of the time as it stands.
  double back[columns][columns] = {{0}};
  for (int j = 0; j < columns; j++) back[j][j] = 1;
  back[0][1] = -3.5;
  for (int j = 0; j < columns; j++) {
    double half[columns] = {0}, estimate = 0, variance = 0;
    for (int k = 0; k < columns; k++) {
      estimate += back[j][k] * beta[k];
      for (int l = 0; l < columns; l++) half[k] += back[j][l] * inverse[l][k];
    }
    for (int k = 0; k < columns; k++)
      for (int l = 0; l < columns; l++) variance += half[k] * meat[k][l] * half[l];
    result[j].share = estimate;
    result[j].standard_error = sqrt(variance);
  }
}

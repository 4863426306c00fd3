// W6: a regression on a time and three factors, respondents counted into cells of equal covariates.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CReference.h"

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

void reference_w6(
  reference_design design, const uint8_t *time, const uint8_t *a, const uint8_t *b, const uint8_t *c,
  const uint8_t *item, const double value[256], int is_logistic, double *scratch,
  reference_share result[6]) {
  static cell_table table;
  fill_cells(&table);
  for (size_t row = 0; row < design.rows; row++) {
    double y = value[item[row]];
    if (y < 0) continue;
    int cell = ((time[row] * 2 + a[row]) * 2 + b[row]) * 3 + c[row];
    table.weight[cell] += design.weight[row];
    table.sum[cell] += design.weight[row] * y;
  }
  double beta[columns] = {0}, inverse[columns][columns];
  for (int step = 0; step < 30; step++) {
    double gram[columns][columns] = {{0}}, gradient[columns] = {0};
    for (int cell = 0; cell < cells; cell++) {
      double eta = 0;
      for (int j = 0; j < columns; j++) eta += table.x[cell][j] * beta[j];
      double mean = is_logistic ? 1 / (1 + exp(-eta)) : eta;
      double slope = is_logistic ? mean * (1 - mean) : 1;
      table.mean[cell] = mean;
      for (int j = 0; j < columns; j++) {
        gradient[j] += (table.sum[cell] - table.weight[cell] * mean) * table.x[cell][j];
        for (int k = 0; k <= j; k++)
          gram[j][k] += table.weight[cell] * slope * table.x[cell][j] * table.x[cell][k];
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
  memset(scratch, 0, 8 * design.psus * sizeof *scratch);
  for (size_t row = 0; row < design.rows; row++) {
    double y = value[item[row]];
    if (y < 0) continue;
    int cell = ((time[row] * 2 + a[row]) * 2 + b[row]) * 3 + c[row];
    double residual = design.weight[row] * (y - table.mean[cell]);
    double *restrict score = scratch + 8 * (size_t)design.psu[row];
    const double *restrict x = table.x[cell];
    for (int j = 0; j < 8; j++) score[j] += residual * x[j];
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

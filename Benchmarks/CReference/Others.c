// Reference kernels of the guard that belong to no workload: element designs, means, the sort.
#include <math.h>
#include <string.h>

#include "CReference.h"

reference_share reference_elements(
  size_t rows, const double *weight, const uint8_t *item, const uint8_t part[256]) {
  double sums[4][4] = {{0}}, squares[4][4] = {{0}};
  for (size_t row = 0; row < rows; row++) {
    double w = weight[row];
    sums[row & 3][part[item[row]]] += w;
    squares[row & 3][part[item[row]]] += w * w;
  }
  double net = 0, other = 0, net_square = 0, other_square = 0;
  for (int copy = 0; copy < 4; copy++) {
    net += sums[copy][0];
    other += sums[copy][1];
    net_square += squares[copy][0];
    other_square += squares[copy][1];
  }
  double base = net + other, share = net / base, n = (double)rows;
  double sum = ((1 - share) * net - share * other) / base;
  double square =
    ((1 - share) * (1 - share) * net_square + share * share * other_square) / (base * base);
  reference_share result = {share, sqrt(n / (n - 1) * (square - sum * sum / n))};
  return result;
}

void reference_means(
  reference_design design, const uint8_t *group, const double *x, double *scratch,
  reference_share result[8]) {
  memset(scratch, 0, 16 * design.psus * sizeof *scratch);
  for (size_t row = 0; row < design.rows; row++) {
    double *slot = scratch + 16 * (size_t)design.psu[row] + 2 * group[row];
    slot[0] += design.weight[row];
    slot[1] += design.weight[row] * x[row];
  }
  for (int index = 0; index < 8; index++) {
    double weight = 0, sum = 0, variance = 0;
    double sums[256] = {0}, squares[256] = {0};
    for (size_t psu = 0; psu < design.psus; psu++) {
      weight += scratch[16 * psu + 2 * index];
      sum += scratch[16 * psu + 2 * index + 1];
    }
    double mean = sum / weight;
    for (size_t psu = 0; psu < design.psus; psu++) {
      const double *slot = scratch + 16 * psu + 2 * index;
      double z = (slot[1] - mean * slot[0]) / weight;
      sums[design.stratum_of_psu[psu]] += z;
      squares[design.stratum_of_psu[psu]] += z * z;
    }
    for (size_t stratum = 0; stratum < design.strata; stratum++) {
      double n = design.psus_in_stratum[stratum];
      variance += n / (n - 1) * (squares[stratum] - sums[stratum] * sums[stratum] / n);
    }
    result[index].share = mean;
    result[index].standard_error = sqrt(variance);
  }
}

void reference_sort(
  size_t rows, const uint16_t *psu, size_t psus, int32_t *starts, int32_t *order) {
  memset(starts, 0, (psus + 1) * sizeof *starts);
  for (size_t row = 0; row < rows; row++) starts[psu[row] + 1]++;
  for (size_t unit = 0; unit < psus; unit++) starts[unit + 1] += starts[unit];
  for (size_t row = 0; row < rows; row++) order[starts[psu[row]]++] = (int32_t)row;
}

__attribute__((noinline)) void bench_counted_region(void (*body)(void *), void *context) {
  body(context);
}

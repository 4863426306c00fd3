// W1 and W4: every row into a table of its PSU, then the variance over the PSUs.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "CReference.h"
#include "Parts.h"

typedef struct {
  const reference_design *design;
  const uint8_t *item;
  const uint8_t *part;
  double *scratch;
} scatter_task;

static void scatter(void *context, int part, int parts) {
  const scatter_task *task = context;
  const reference_design *design = task->design;
  const double *restrict weight = design->weight;
  const uint16_t *restrict psu = design->psu;
  const uint8_t *restrict item = task->item;
  const uint8_t *restrict slot = task->part;
  // In the net, other valid answers, missing: no branch a row.
  double *restrict table = task->scratch + (size_t)part * 3 * design->psus;
  memset(table, 0, 3 * design->psus * sizeof *table);
  size_t end = part_start(design->rows, part + 1, parts);
  for (size_t row = part_start(design->rows, part, parts); row < end; row++)
    table[3 * (size_t)psu[row] + slot[item[row]]] += weight[row];
}

/// The threads' tables in the first of them.
static double *tables(
  const reference_design *design, const uint8_t *item, const uint8_t part[256], double *scratch) {
  scatter_task task = {design, item, part, scratch};
  for_each_part(design->threads, scatter, &task);
  for (int thread = 1; thread < design->threads; thread++) {
    const double *other = scratch + (size_t)thread * 3 * design->psus;
    for (size_t index = 0; index < 3 * design->psus; index++) scratch[index] += other[index];
  }
  return scratch;
}

void reference_w1(
  reference_design design, const uint8_t *item, const uint8_t part[256], double *scratch,
  reference_share *result) {
  uint8_t *domain = calloc(design.psus, 1);
  reference_w4(design, item, part, domain, 1, scratch, result);
  free(domain);
}

void reference_w4(
  reference_design design, const uint8_t *item, const uint8_t part[256],
  const uint8_t *domain_of_psu, size_t domains, double *scratch, reference_share *result) {
  const double *table = tables(&design, item, part, scratch);
  double net[256] = {0}, base[256] = {0};
  for (size_t psu = 0; psu < design.psus; psu++) {
    net[domain_of_psu[psu]] += table[3 * psu];
    base[domain_of_psu[psu]] += table[3 * psu] + table[3 * psu + 1];
  }
  // Sums and squares of the linearised totals, by stratum and domain.
  double *sums = calloc(design.strata * domains, 2 * sizeof *sums);
  for (size_t psu = 0; psu < design.psus; psu++) {
    size_t domain = domain_of_psu[psu];
    double share = net[domain] / base[domain];
    double z = ((1 - share) * table[3 * psu] - share * table[3 * psu + 1]) / base[domain];
    double *sum = sums + 2 * (design.stratum_of_psu[psu] * domains + domain);
    sum[0] += z;
    sum[1] += z * z;
  }
  for (size_t domain = 0; domain < domains; domain++) {
    double variance = 0;
    for (size_t stratum = 0; stratum < design.strata; stratum++) {
      double n = design.psus_in_stratum[stratum];
      const double *sum = sums + 2 * (stratum * domains + domain);
      variance += n / (n - 1) * (sum[1] - sum[0] * sum[0] / n);
    }
    result[domain].share = net[domain] / base[domain];
    result[domain].standard_error = sqrt(variance);
  }
  free(sums);
}

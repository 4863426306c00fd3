// The median by domain with Woodruff's interval: rows parted by domain, then selection.
#include <math.h>
#include <stdlib.h>

#include "CReference.h"

typedef struct {
  double x, weight;
} answer;

static void swap(answer *first, answer *second) {
  answer kept = *first;
  *first = *second;
  *second = kept;
}

/// The smallest x up to which the weights reach a target.
static double selected(answer *answers, size_t count, double target) {
  double before = 0;
  while (count > 1) {
    double pivot = answers[count / 2].x;
    // Below the pivot, equal to it, above it.
    size_t low = 0, at = 0, high = count;
    double below = 0, equal = 0;
    while (at < high) {
      if (answers[at].x < pivot) {
        below += answers[at].weight;
        swap(answers + low++, answers + at++);
      } else if (answers[at].x > pivot) {
        swap(answers + at, answers + --high);
      } else {
        equal += answers[at++].weight;
      }
    }
    if (low > 0 && before + below >= target) {
      count = low;
    } else if (before + below + equal >= target || high == count) {
      return pivot;
    } else {
      before += below + equal;
      answers += high;
      count -= high;
    }
  }
  return answers[0].x;
}

void reference_medians(
  reference_design design, const double *x, const uint8_t *domain_of_psu, size_t domains,
  const double *t, double *scratch, reference_quantile *result) {
  size_t *starts = calloc(2 * domains + 1, sizeof *starts), *next = starts + domains + 1;
  for (size_t row = 0; row < design.rows; row++) starts[domain_of_psu[design.psu[row]] + 1]++;
  for (size_t domain = 0; domain < domains; domain++) {
    starts[domain + 1] += starts[domain];
    next[domain] = starts[domain];
  }
  answer *answers = malloc(design.rows * sizeof *answers);
  for (size_t row = 0; row < design.rows; row++) {
    answer *place = answers + next[domain_of_psu[design.psu[row]]]++;
    place->x = x[row];
    place->weight = design.weight[row];
  }
  double *totals = calloc(2 * domains, sizeof *totals), *shares = totals + domains;
  for (size_t domain = 0; domain < domains; domain++) {
    answer *own = answers + starts[domain];
    size_t count = starts[domain + 1] - starts[domain];
    for (size_t index = 0; index < count; index++) totals[domain] += own[index].weight;
    result[domain].value = selected(own, count, 0.5 * totals[domain]);
  }

  // The share up to the median: as W4.
  for (size_t index = 0; index < 2 * design.psus; index++) scratch[index] = 0;
  for (size_t row = 0; row < design.rows; row++) {
    size_t psu = design.psu[row];
    scratch[2 * psu + (x[row] > result[domain_of_psu[psu]].value)] += design.weight[row];
  }
  for (size_t psu = 0; psu < design.psus; psu++)
    shares[domain_of_psu[psu]] += scratch[2 * psu] / totals[domain_of_psu[psu]];
  double *sums = calloc(design.strata * domains, 2 * sizeof *sums);
  for (size_t psu = 0; psu < design.psus; psu++) {
    size_t domain = domain_of_psu[psu];
    double share = shares[domain];
    double z = ((1 - share) * scratch[2 * psu] - share * scratch[2 * psu + 1]) / totals[domain];
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
    double margin = t[domain] * sqrt(variance);
    answer *own = answers + starts[domain];
    size_t count = starts[domain + 1] - starts[domain];
    result[domain].low = selected(own, count, (shares[domain] - margin) * totals[domain]);
    result[domain].high = selected(own, count, (shares[domain] + margin) * totals[domain]);
  }
  free(sums);
  free(totals);
  free(answers);
  free(starts);
}

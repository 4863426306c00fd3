// What plain C reaches on the workloads of `bench`: for comparison alone, nothing ships with it.
//
// Each function takes the columns as the library holds them, in the order given, and the number of
// threads (1 or 2). What a C programmer prepares once is passed in prepared: the stratum and the
// municipality of each PSU, the PSUs of each stratum.
#ifndef C_REFERENCE_H
#define C_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  double share;
  double standard_error;
} reference_share;

/// The design: a PSU a row, a stratum a PSU.
typedef struct {
  size_t rows;
  const double *weight;
  const uint16_t *psu;
  size_t psus;
  const uint8_t *stratum_of_psu;
  size_t strata;
  /// Sampled PSUs by stratum.
  const double *psus_in_stratum;
  int threads;
} reference_design;

/// W1: the share of the codes with `part` 0 among those with `part` 0 or 1; `part` 2 is missing.
/// `scratch` has `threads * 3 * psus` values.
void reference_w1(
  reference_design design, const uint8_t *item, const uint8_t part[256], double *scratch,
  reference_share *result);

/// W2: weighted counts of items (5 levels, further codes missing) by banner (8 levels).
void reference_w2(
  size_t rows, const double *weight, const uint8_t *banner, const uint8_t *item, int threads,
  double result[40]);

/// W2se: each item level's share within its banner level.
/// `scratch` has `threads * 64 * psus` values.
void reference_w2se(
  reference_design design, const uint8_t *banner, const uint8_t *item, double *scratch,
  reference_share result[40]);

/// W4: as W1, by domains that hold whole PSUs.
void reference_w4(
  reference_design design, const uint8_t *item, const uint8_t part[256],
  const uint8_t *domain_of_psu, size_t domains, double *scratch, reference_share *result);

/// A share where every row is a PSU of one stratum: histograms of w and of its square.
reference_share reference_elements(
  size_t rows, const double *weight, const uint8_t *item, const uint8_t part[256]);

/// W3: Σw and the rows of each item level (codes below 8) in each banner level (below 8), for every
/// item by every banner column. `scratch` has `threads * items * banners * 128` values, `result`
/// `items * banners * 128`: by item, banner column, banner level, item level, then Σw before rows.
void reference_w3(
  size_t rows, const double *weight, const uint8_t *const *items, size_t item_count,
  const uint8_t *const *banners, size_t banner_count, int threads, double *scratch,
  double *result);

/// W3se: the share of each item level (codes below 5) within each banner level (below 8) and its error,
/// every row a unit of one stratum. `scratch` has `threads * items * banners * 128` values, `result`
/// `items * banners * 40`: by item, banner column, banner level, item level; nobody in a banner level
/// gives NaN.
void reference_w3se(
  size_t rows, const double *weight, const uint8_t *const *items, size_t item_count,
  const uint8_t *const *banners, size_t banner_count, int threads, double *scratch,
  reference_share *result);

/// The mean of a number in 8 groups: Σw and Σw·x by PSU, then the linearised variance.
/// `scratch` has `16 * psus` values.
void reference_means(
  reference_design design, const uint8_t *group, const double *x, double *scratch,
  reference_share result[8]);

/// W6: an outcome (`value` by code, below 0 missing) on a time of six codes (1 to 6) and factors of two,
/// two and three codes: least squares or logistic, with the sandwich errors of six coefficients.
/// `scratch` has `8 * psus` values.
void reference_w6(
  reference_design design, const uint8_t *time, const uint8_t *a, const uint8_t *b, const uint8_t *c,
  const uint8_t *item, const double value[256], int is_logistic, double *scratch,
  reference_share result[6]);

/// Margins to rake to: for each, a code a row, the number of categories and their totals.
typedef struct {
  int count;
  const uint8_t *const *codes;
  const int *sizes;
  const double *const *targets;
  double population;
} reference_margins;

/// W5: weights raked to margins (largest relative error 1e-9), a new column as the library returns
/// one; of it every `step`th weight goes to `sample`. Returns the sweeps.
int reference_w5(
  size_t rows, const double *weight, reference_margins margins, int threads, size_t step,
  double *sample);

typedef struct {
  double value;
  double low;
  double high;
} reference_quantile;

/// The median by domains that hold whole PSUs, with Woodruff's interval; `t` is the critical value
/// of each domain. `scratch` has `2 * psus` values.
void reference_medians(
  reference_design design, const double *x, const uint8_t *domain_of_psu, size_t domains,
  const double *t, double *scratch, reference_quantile *result);

/// The rows by PSU, by counting sort. `starts` has `psus + 1` values.
void reference_sort(
  size_t rows, const uint16_t *psu, size_t psus, int32_t *starts, int32_t *order);

/// Runs `body`: what `bench --count` counts the instructions of.
void bench_counted_region(void (*body)(void *), void *context);

#endif

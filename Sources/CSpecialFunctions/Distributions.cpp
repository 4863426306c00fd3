#include "CSpecialFunctions.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cerrno>
#include <cmath>
#include <limits>

namespace {

namespace policies = boost::math::policies;

// Only a failed iteration reports, by errno: Boost hands back its last guess, and a guess must not
// pass for an answer.
template <bool computesInLongDouble>
using Policy = policies::policy<
    policies::promote_double<computesInLongDouble>, policies::promote_float<false>,
    policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
    policies::overflow_error<policies::ignore_error>,
    policies::underflow_error<policies::ignore_error>,
    policies::denorm_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>,
    policies::evaluation_error<policies::errno_on_error>>;

// What intervals need per cell: `long double` would cost ten times as much for no digit that counts.
using Fast = Policy<false>;
// Where both shapes of a beta are whole (an F with even degrees of freedom), Boost sums a binomial
// tail and loses as many digits as the larger shape has: 1e-9 is left at 1e8. A tail of a beta or
// an F is taken once per test, so here the extra bits are worth their four microseconds.
using Exact = Policy<true>;

using StudentT = boost::math::students_t_distribution<double, Fast>;
using Normal = boost::math::normal_distribution<double, Fast>;
using Beta = boost::math::beta_distribution<double, Fast>;
using ExactBeta = boost::math::beta_distribution<double, Exact>;
using FisherF = boost::math::fisher_f_distribution<double, Exact>;
using ChiSquare = boost::math::chi_squared_distribution<double, Fast>;

constexpr double pi = 3.14159265358979323846;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// The value of `compute`, or NaN where Boost says that an iteration ended without converging.
///
/// It throws in spite of the policy: `tools/roots.hpp` of 1.74 reports a root that it cannot bracket
/// under the default policy.
template <typename Compute>
double converged(Compute compute) noexcept {
  const int before = errno;
  errno = 0;
  double value;
  try {
    value = compute();
  } catch (...) {
    value = notANumber;
  }
  const bool failed = errno == EDOM;
  errno = before;
  return failed ? notANumber : value;
}

bool isPositiveAndFinite(double x) { return x > 0 && x < infinity; }

bool isProbability(double p) { return p >= 0 && p <= 1; }

}  // namespace

double pejling_student_t_cdf(double t, double df) noexcept {
  if (std::isnan(t) || !(df > 0)) return notANumber;
  // Cauchy. Boost takes an arcsine near 1 here and keeps ten digits of a small t.
  if (df == 1) return std::atan2(1, -t) / pi;
  return converged([=] { return cdf(StudentT(df), t); });
}

double pejling_student_t_quantile(double p, double df) noexcept {
  if (!isProbability(p) || !(df > 0)) return notANumber;
  if (p == 0) return -infinity;
  if (p == 1) return infinity;
  return converged([=] { return quantile(StudentT(df), p); });
}

double pejling_normal_cdf(double z) noexcept {
  if (std::isnan(z)) return notANumber;
  return converged([=] { return cdf(Normal(), z); });
}

double pejling_normal_quantile(double p) noexcept {
  if (!isProbability(p)) return notANumber;
  if (p == 0) return -infinity;
  if (p == 1) return infinity;
  return converged([=] { return quantile(Normal(), p); });
}

double pejling_beta_cdf(double x, double a, double b) noexcept {
  if (!isProbability(x) || !isPositiveAndFinite(a) || !isPositiveAndFinite(b)) return notANumber;
  return converged([=] { return cdf(ExactBeta(a, b), x); });
}

double pejling_beta_quantile(double p, double a, double b) noexcept {
  if (!isProbability(p) || !isPositiveAndFinite(a) || !isPositiveAndFinite(b)) return notANumber;
  // The binomial sum of whole shapes again; below this it still leaves twelve digits.
  const bool isLongBinomial = std::fmax(a, b) > 1e4 && std::floor(a) == a && std::floor(b) == b;
  return converged(
      [=] { return isLongBinomial ? quantile(ExactBeta(a, b), p) : quantile(Beta(a, b), p); });
}

double pejling_f_upper_tail(double f, double df1, double df2) noexcept {
  if (!(f >= 0) || !isPositiveAndFinite(df1) || !isPositiveAndFinite(df2)) return notANumber;
  if (f == infinity) return 0;
  return converged([=] { return cdf(complement(FisherF(df1, df2), f)); });
}

double pejling_chi_square_upper_tail(double x, double df) noexcept {
  if (!(x >= 0) || !isPositiveAndFinite(df)) return notANumber;
  if (x == infinity) return 0;
  return converged([=] { return cdf(complement(ChiSquare(df), x)); });
}

double pejling_chi_square_quantile(double p, double df) noexcept {
  if (!isProbability(p) || !isPositiveAndFinite(df)) return notANumber;
  if (p == 1) return infinity;
  return converged([=] { return quantile(ChiSquare(df), p); });
}

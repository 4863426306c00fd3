#ifndef PEJLING_C_SPECIAL_FUNCTIONS_H
#define PEJLING_C_SPECIAL_FUNCTIONS_H

// Distribution functions of Boost.Math. None throws, none leaves a trace in errno. An argument
// outside a function's domain, NaN among them, gives NaN; so does an iteration that did not converge.

#ifdef __cplusplus
#define PEJLING_NOEXCEPT noexcept
extern "C" {
#else
#define PEJLING_NOEXCEPT
#endif

/// P(T ≤ t) for Student's t with `df` degrees of freedom; `df` > 0, whole or not, finite or infinite.
/// The upper tail is the value at −t.
double pejling_student_t_cdf(double t, double df) PEJLING_NOEXCEPT;

/// The t with P(T ≤ t) = p for Student's t; −inf at p = 0, inf at p = 1.
double pejling_student_t_quantile(double p, double df) PEJLING_NOEXCEPT;

/// P(Z ≤ z) for the standard normal. The upper tail is the value at −z.
double pejling_normal_cdf(double z) PEJLING_NOEXCEPT;

/// The z with P(Z ≤ z) = p for the standard normal; −inf at p = 0, inf at p = 1.
double pejling_normal_quantile(double p) PEJLING_NOEXCEPT;

/// The regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1: P(X ≤ x) for a beta with finite
/// shapes a > 0 and b > 0.
double pejling_beta_cdf(double x, double a, double b) PEJLING_NOEXCEPT;

/// The x with I_x(a, b) = p; 0 at p = 0, 1 at p = 1.
double pejling_beta_quantile(double p, double a, double b) PEJLING_NOEXCEPT;

/// P(F > f) for Fisher's F with finite df1 > 0 and df2 > 0; 1 at f = 0, 0 at infinity.
double pejling_f_upper_tail(double f, double df1, double df2) PEJLING_NOEXCEPT;

/// P(X > x) for chi-square with finite `df` > 0; 1 at x = 0, 0 at infinity.
double pejling_chi_square_upper_tail(double x, double df) PEJLING_NOEXCEPT;

/// The x with P(X ≤ x) = p for chi-square; 0 at p = 0, inf at p = 1.
double pejling_chi_square_quantile(double p, double df) PEJLING_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif

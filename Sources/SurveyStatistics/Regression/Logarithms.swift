import Glibc

func logarithm(_ x: Double) -> Double { log(x) }

func exponential(_ x: Double) -> Double { exp(x) }

/// 1/(1 + e⁻ˣ), with all its digits on either side.
func inverseLogit(_ x: Double) -> Double {
  if x >= 0 { return 1 / (1 + exp(-x)) }
  let power = exp(x)
  return power / (1 + power)
}

/// log(1 + eˣ), without overflow.
func logOnePlusExponential(_ x: Double) -> Double {
  x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
}

/// eˣ, for the targets to the right.
package func exponentialOf(_ x: Double) -> Double { exp(x) }

/// Which number is the p-quantile of weighted answers x₁ ≤ x₂ ≤ … ≤ xₙ with weights wₖ and cumulated
/// weights Cₖ: the rules of R's svyquantile (survey 4.1), after Hyndman and Fan (1996).
///
/// The words are those of the command line. A cumulated weight that meets p·Cₙ within 1e-13 of it
/// meets it exactly: sums of weights are only so exact.
///
/// Answers of the same value stand in the order of their rows. With unequal weights that order shows
/// in hf4 to hf9, here as in R; the other rules do not see it.
public enum QuantileRule: String, Sendable, CaseIterable {
  /// The smallest answer with Cₖ ≥ p·Cₙ: the inverse of the distribution function.
  case hf1
  /// As hf1, but where Cₖ = p·Cₙ the middle of xₖ and the next answer: the school's median.
  case hf2
  /// As hf1, but where Cₖ = p·Cₙ and xₖ is an odd one among the distinct values, the next value.
  ///
  /// R 4.1's form, whose numbers we give: Hyndman and Fan's third definition goes to the nearest
  /// answer, which this does only where p·Cₙ is met.
  case hf3
  /// Linear between the points pₖ = Cₖ/Cₙ.
  case hf4
  /// Linear between the points pₖ = (Cₖ − wₖ/2)/Cₙ.
  case hf5
  /// Linear between the points pₖ = Cₖ/(Cₙ + wₙ).
  case hf6
  /// Linear between the points pₖ = Cₖ₋₁/Cₙ₋₁.
  case hf7
  /// Linear between the points pₖ = (Cₖ − wₖ/3)/(Cₙ + wₙ/3).
  case hf8
  /// Linear between the points pₖ = (Cₖ − 3wₖ/8)/(Cₙ + wₙ/4).
  case hf9
  /// R's other name of hf1.
  case math
  /// R's other name of hf2.
  case school
  /// The largest answer with (C*ₖ + ½ − w*ₖ/2)/(n + 1) ≤ p, starred weights scaled to mean 1 (Shah
  /// and Vaish 2006). R 4.1 leaves wₖ unscaled and agrees where the weights are 1.
  case shahvaish

  /// The p-quantile of answers.
  ///
  /// Below the first point and above the last it is the smallest and the largest answer. (R 4.1 gives
  /// the second smallest for p below the share of the smallest under hf1 to hf3, and goes below it
  /// under hf4.)
  ///
  /// - Precondition: there are answers, and 0 ≤ p ≤ 1.
  package func quantile(_ p: Double, of answers: inout OrderedAnswers) -> Double {
    precondition(!answers.isEmpty && 0 <= p && p <= 1)
    switch self {
    case .hf1, .math, .hf2, .school, .hf3: return discrete(p, of: &answers)
    case .hf4: return linear(p, of: &answers, back: 0, beyond: 0)
    case .hf5: return linear(p, of: &answers, back: 0.5, beyond: 0)
    case .hf6: return linear(p, of: &answers, back: 0, beyond: 1)
    case .hf7: return linear(p, of: &answers, back: 1, beyond: -1)
    case .hf8: return linear(p, of: &answers, back: 1.0 / 3, beyond: 1.0 / 3)
    case .hf9: return linear(p, of: &answers, back: 3.0 / 8, beyond: 1.0 / 4)
    case .shahvaish: return shahVaish(p, of: &answers)
    }
  }

  /// How far from its target a sum of weights may be and still meet it, relative to the target.
  private static let slack = 1e-13

  private func discrete(_ p: Double, of answers: inout OrderedAnswers) -> Double {
    let target = p * answers.totalWeight
    let step = answers.step(reaching: target * (1 - Self.slack))
    guard step.through <= target * (1 + Self.slack) else { return step.value }
    switch self {
    case .hf2, .school:
      let next = answers.step(after: step)?.value ?? step.value
      return step.value / 2 + next / 2
    case .hf3:
      return isEven(step, of: &answers)
        ? step.value : answers.step(after: step)?.value ?? step.value
    default: return step.value
    }
  }

  /// Whether a step has an even number among the distinct values, counted from 1.
  private func isEven(_ step: OrderedAnswers.Step, of answers: inout OrderedAnswers) -> Bool {
    var number = 1
    var current = step
    while let previous = answers.step(before: current) {
      number += 1
      current = previous
    }
    return number % 2 == 0
  }

  /// Linear interpolation between the points (Cₖ − back·wₖ)/(Cₙ + beyond·wₙ).
  ///
  /// Points of the same value give that value, so it is enough to look between the last point of one
  /// step and the first of the next.
  private func linear(
    _ p: Double, of answers: inout OrderedAnswers, back: Double, beyond: Double
  ) -> Double {
    let last = answers.step(atRank: answers.count - 1)
    let target = p * (answers.totalWeight + beyond * answers.endWeights(of: last).last)
    let step = answers.step(reaching: target)
    let ends = answers.endWeights(of: step)
    let first = step.before + (1 - back) * ends.first
    let end = step.through - back * ends.last
    if target < first * (1 - Self.slack) {
      guard let previous = answers.step(before: step) else { return step.value }
      let start = previous.through - back * answers.endWeights(of: previous).last
      return between(previous.value, step.value, (target - start) / (first - start))
    }
    guard target > end * (1 + Self.slack), let next = answers.step(after: step) else {
      return step.value
    }
    let goal = next.before + (1 - back) * answers.endWeights(of: next).first
    return between(step.value, next.value, (target - end) / (goal - end))
  }

  private func between(_ low: Double, _ high: Double, _ part: Double) -> Double {
    part <= Self.slack ? low : part >= 1 ? high : low + (high - low) * part
  }

  private func shahVaish(_ p: Double, of answers: inout OrderedAnswers) -> Double {
    let n = Double(answers.count)
    let mean = answers.totalWeight / n
    // Cₖ − wₖ/2 ≤ target, on the scale of the weights.
    let target = (p * (n + 1) - 0.5) * mean
    let step = answers.step(reaching: target * (1 - Self.slack))
    let first = step.before + answers.endWeights(of: step).first / 2
    if first <= target * (1 + Self.slack) { return step.value }
    return answers.step(before: step)?.value ?? step.value
  }
}

/// How two columns of a table are held against each other.
public enum ColumnTest: String, Sendable, CaseIterable {
  /// By the design's covariance of the two figures, overlap included, and t.
  case design
  /// As SPSS CTABLES: pooled z of counts rounded to whole respondents.
  case ctables
  /// As SPSS Dimensions: pooled t with the effective base (Σw)²/Σw².
  case dimensions
}

/// A column as the compatible tests see it: weights count as respondents.
package struct ColumnSample: Sendable {
  /// Σw of the respondents in the row; of a mean Σw·x.
  package var sum: Double
  /// Σw of the column's respondents.
  package var weight: Double
  /// Of a mean, Σw·x².
  package var squares: Double
  /// Σw² of the column's respondents.
  package var squaredWeights: Double

  package init(sum: Double, weight: Double, squares: Double = 0, squaredWeights: Double) {
    self.sum = sum
    self.weight = weight
    self.squares = squares
    self.squaredWeights = squaredWeights
  }
}

extension ColumnTest {
  /// The difference of two shares, *to* minus *from*, by a pooled test.
  ///
  /// With bases n, pooled p = (n₁p₁ + n₂p₂)/(n₁ + n₂) and n₁₂ respondents in both columns,
  /// SE² = p(1 − p)·(1/n₁ + 1/n₂ − 2n₁₂/(n₁n₂)). `ctables`: n and counts rounded, standard normal (IBM
  /// SPSS Statistics Algorithms, "Column proportions test"). `dimensions`: n = (Σw)²/Σw², t with
  /// n₁ + n₂ − n₁₂ − 2 degrees of freedom.
  ///
  /// - Parameter overlap: Σw of the respondents in both.
  /// - Returns: without a p-value where a share is 0 or 1, or a base below 2: such columns are not
  ///   compared.
  package func shares(
    from: ColumnSample, to: ColumnSample, overlap: Double
  ) -> Contrast {
    let (n1, n2) = (base(from), base(to))
    let (p1, p2) = (share(from), share(to))
    var contrast = Contrast(degreesOfFreedom: degreesOfFreedom(n1, n2, overlap))
    guard n1 > 0, n2 > 0 else {
      contrast.caveats = [.emptyBase]
      return contrast
    }
    contrast.estimate = p2 - p1
    guard n1 >= 2, n2 >= 2, p1 > 0, p1 < 1, p2 > 0, p2 < 1 else { return contrast }
    let p = (n1 * p1 + n2 * p2) / (n1 + n2)
    let both = self == .ctables ? rounded(overlap) : overlap
    complete(&contrast, variance: p * (1 - p) * (1 / n1 + 1 / n2 - 2 * both / (n1 * n2)))
    return contrast
  }

  /// The difference of two means, *to* minus *from*, by a pooled variance:
  /// s² = Σ(n − 1)s²/(n₁ + n₂ − 2), t with n₁ + n₂ − n₁₂ − 2 degrees of freedom.
  package func means(from: ColumnSample, to: ColumnSample, overlap: Double) -> Contrast {
    let (n1, n2) = (base(from), base(to))
    var contrast = Contrast(degreesOfFreedom: n1 + n2 - overlap - 2)
    guard n1 > 0, n2 > 0 else {
      contrast.caveats = [.emptyBase]
      return contrast
    }
    contrast.estimate = to.sum / to.weight - from.sum / from.weight
    guard n1 >= 2, n2 >= 2 else { return contrast }
    let pooled = (spread(from) * n1 + spread(to) * n2) / (n1 + n2 - 2)
    complete(&contrast, variance: pooled * (1 / n1 + 1 / n2 - 2 * overlap / (n1 * n2)))
    return contrast
  }

  private func complete(_ contrast: inout Contrast, variance: Double) {
    guard variance > 0, let estimate = contrast.estimate else { return }
    let error = variance.squareRoot()
    contrast.standardError = error
    contrast.statistic = estimate / error
    guard contrast.degreesOfFreedom > 0 else { return }
    contrast.pValue = StudentT.twoSidedPValue(
      estimate / error, degreesOfFreedom: contrast.degreesOfFreedom)
  }

  private func degreesOfFreedom(_ n1: Double, _ n2: Double, _ overlap: Double) -> Double {
    self == .ctables ? .infinity : n1 + n2 - overlap - 2
  }

  private func base(_ sample: ColumnSample) -> Double {
    switch self {
    case .ctables: rounded(sample.weight)
    case .dimensions:
      sample.squaredWeights > 0 ? sample.weight * sample.weight / sample.squaredWeights : 0
    case .design: preconditionFailure("no pooled test")
    }
  }

  private func share(_ sample: ColumnSample) -> Double {
    self == .ctables
      ? rounded(sample.sum) / rounded(sample.weight) : sample.sum / sample.weight
  }

  /// Σw(x − x̄)²/Σw.
  private func spread(_ sample: ColumnSample) -> Double {
    let mean = sample.sum / sample.weight
    return max(0, sample.squares / sample.weight - mean * mean)
  }

  private func rounded(_ count: Double) -> Double { count.rounded(.toNearestOrAwayFromZero) }
}

import SurveyData

/// Replicate weights resolved against a design: proof that they are usable.
///
/// The variance of an estimate θ is c · Σ_r c_r (θ_r − θ̄)², θ_r being the same estimate under the
/// r-th set of weights (Wolter 2007, Introduction to Variance Estimation, ch. 3–5; R survey,
/// `svrVar`). c is `scale`, c_r are `rscales`, and θ̄ is the mean of the θ_r whose c_r is above 0,
/// or the estimate itself.
///
/// Weights are kept as what they add to the full sample's: small numbers, from which the difference
/// θ_r − θ is had without cancellation.
public struct ReplicateWeights: Sendable {
  public let method: ReplicateMethod
  /// Whether they were made from the design, not read from columns.
  public let isMade: Bool
  /// The number of replicates, R.
  public let count: Int
  public let scale: Double
  /// One a replicate.
  public let rscales: [Double]
  public let isCentredOnEstimate: Bool

  /// What has a replicate weight of its own.
  package let unit: Unit
  /// By unit, then replicate: of rows w_ir − w_i, of PSUs what the weights of its rows are multiplied
  /// by, minus 1.
  package let deviations: Bytes

  package enum Unit: Sendable { case row, psu }

  /// - Precondition: `rscales` has `count` values, `deviations` that many for each unit.
  init(
    _ description: ReplicateDescription, isMade: Bool, count: Int, scale: Double? = nil,
    rscales: [Double]? = nil, unit: Unit, deviations: Bytes
  ) throws(ReplicateError) {
    method = description.method
    self.isMade = isMade
    self.count = count
    self.unit = unit
    self.deviations = deviations
    isCentredOnEstimate = description.isCentredOnEstimate
    let given = description.rscales
    guard given.isEmpty || given.count == 1 || given.count == count else {
      throw .wrongNumberOfScales(given.count, replicates: count)
    }
    self.scale =
      description.scale ?? scale
      ?? method.defaultScale(replicates: count, rho: description.rho ?? 0)
    self.rscales =
      given.isEmpty
      ? rscales ?? Array(repeating: 1, count: count)
      : given.count == 1 ? Array(repeating: given[0], count: count) : given
  }

  /// The variance from what each replicate's value differs from the estimate by.
  ///
  /// - Parameters:
  ///   - deviations: θ_r − θ; NaN where a replicate has no value, which then does not count.
  ///   - size: the size of θ: a spread no larger than its rounding is 0.
  package func variance(ofDeviations deviations: [Double], size: Double) -> ReplicateVariance {
    precondition(deviations.count == count)
    let withValue = deviations.indices.filter { deviations[$0].isFinite }
    let missing = count - withValue.count
    let centre = isCentredOnEstimate ? 0 : mean(of: deviations, withValue)
    var sum = Compensated()
    var scales = 0.0
    for index in withValue {
      let difference = deviations[index] - centre
      sum.add(rscales[index] * difference * difference)
      scales += rscales[index]
    }
    let rounding = 64 * Double.ulpOfOne * size
    let isRounding = sum.value <= scales * rounding * rounding
    let variance = isRounding ? 0 : scale * sum.value
    return ReplicateVariance(
      value: withValue.isEmpty ? .nan : variance, replicatesWithoutValue: missing)
  }

  /// The covariance of two estimates: c · Σ_r c_r (θ_r − θ̄)(η_r − η̄).
  package func covariance(of a: Span<Double>, _ b: Span<Double>) -> Double {
    var sum = Compensated()
    var (centreOfA, centreOfB) = (0.0, 0.0)
    if !isCentredOnEstimate {
      let counted = rscales.count { $0 > 0 }
      for index in rscales.indices where rscales[index] > 0 {
        centreOfA += a[index] / Double(counted)
        centreOfB += b[index] / Double(counted)
      }
    }
    for index in rscales.indices {
      sum.add(rscales[index] * (a[index] - centreOfA) * (b[index] - centreOfB))
    }
    return scale * sum.value
  }

  private func mean(of values: [Double], _ indices: [Int]) -> Double {
    var sum = Compensated()
    var counted = 0
    for index in indices where rscales[index] > 0 {
      sum.add(values[index])
      counted += 1
    }
    return counted == 0 ? 0 : sum.value / Double(counted)
  }
}

/// A variance by replicates.
package struct ReplicateVariance: Sendable {
  /// NaN where no replicate has a value.
  package let value: Double
  /// Replicates that leave nothing to estimate from: they do not count.
  package let replicatesWithoutValue: Int

  var caveats: [Caveat] {
    replicatesWithoutValue > 0 ? [.replicatesWithoutValue(replicatesWithoutValue)] : []
  }
}

extension Design {
  /// A column for each replicate, by dataset row; rows out of the design have no weight.
  package func replicateColumns(named name: String) -> [Column] {
    (0..<(replicates?.count ?? 0)).map { replicate in
      let values = weights(ofReplicate: replicate)
      var byRow = [Double?](repeating: nil, count: datasetRowCount)
      for position in values.indices {
        byRow[order.map { Int($0[position]) } ?? position] = values[position]
      }
      return Column(name: "\(name)_\(replicate + 1)", values: .numeric(NumericColumn(byRow)))
    }
  }

  /// The weights of one replicate in design order.
  package func weights(ofReplicate replicate: Int) -> [Double] {
    guard let replicates else { preconditionFailure("a design without replicates") }
    precondition(0..<replicates.count ~= replicate)
    let stage = stages[0]
    return replicates.deviations.withSpan(of: Double.self) { deviations in
      weights.withSpan(of: Double.self) { weights in
        var values = [Double](repeating: 0, count: weights.count)
        switch replicates.unit {
        case .row:
          for row in weights.indices {
            values[row] = weights[row] + deviations[row * replicates.count + replicate]
          }
        case .psu:
          for psu in 0..<stage.unitCount {
            let multiplier = 1 + deviations[psu * replicates.count + replicate]
            for row in stage.rowStart(ofUnit: psu)..<stage.rowStart(ofUnit: psu + 1) {
              values[row] = weights[row] * multiplier
            }
          }
        }
        return values
      }
    }
  }
}

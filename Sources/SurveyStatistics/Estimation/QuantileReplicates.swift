import SurveyData

extension QuantileEstimator {
  /// The quantiles of every replicate: what each differs from the estimate by, by group, probability
  /// and replicate; NaN where a replicate leaves no answers.
  ///
  /// - Complexity: O(rows · replicates).
  static func deviations(
    of quantiles: [[Double?]], probabilities: [Double], rule: QuantileRule,
    answers: [OrderedAnswers], design: Design, replicates: ReplicateWeights, threads: Int?
  ) -> [[[Double]]] {
    let byReplicate = concurrentMap(count: replicates.count, threads: threads) { replicate in
      let weights = design.weightsByDatasetRow(ofReplicate: replicate)
      return answers.indices.map { group -> [Double] in
        var reweighted = answers[group].reweighted { weights[Int($0)] }
        return probabilities.indices.map { index in
          guard let quantile = quantiles[group][index], !reweighted.isEmpty else { return .nan }
          return rule.quantile(probabilities[index], of: &reweighted) - quantile
        }
      }
    }
    return answers.indices.map { group in
      probabilities.indices.map { index in byReplicate.map { $0[group][index] } }
    }
  }
}

extension OrderedAnswers {
  /// The same answers with other weights; those left without a weight are gone.
  fileprivate func reweighted(_ weight: (_ datasetRow: Int32) -> Double) -> OrderedAnswers {
    var kept: (values: [Double], weights: [Double], rows: [Int32]) = ([], [], [])
    kept.values.reserveCapacity(count)
    kept.weights.reserveCapacity(count)
    kept.rows.reserveCapacity(count)
    forEachAnswer { value, row in
      let weight = weight(row)
      guard weight > 0 else { return }
      kept.values.append(value)
      kept.weights.append(weight)
      kept.rows.append(row)
    }
    return OrderedAnswers(values: kept.values, weights: kept.weights, rows: kept.rows)
  }
}

extension Design {
  /// The weights of one replicate by dataset row; 0 for rows out of the design.
  fileprivate func weightsByDatasetRow(ofReplicate replicate: Int) -> [Double] {
    let values = weights(ofReplicate: replicate)
    guard let order else { return values }
    var byRow = [Double](repeating: 0, count: datasetRowCount)
    for (position, row) in order.enumerated() { byRow[Int(row)] = values[position] }
    return byRow
  }
}

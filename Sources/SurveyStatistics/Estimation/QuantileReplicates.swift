import SurveyData

extension QuantileEstimator {
  /// The quantiles of every replicate: what each differs from the estimate by, by group, probability
  /// and replicate; NaN where a replicate leaves no answers.
  ///
  /// - Complexity: O(rows · replicates).
  static func deviations(
    of quantiles: [[Double?]], probabilities: [Double], rule: QuantileRule,
    answers: GroupedAnswers, design: Design, replicates: ReplicateWeights, threads: Int?
  ) -> [[[Double]]] {
    let byReplicate = concurrentMap(count: replicates.count, threads: threads) { replicate in
      let weights = Bytes(design.weights(ofReplicate: replicate))
      // Answers left without a weight are gone.
      var reweighted = answers.ordered(weights: weights, threads: 1)
      return quantiles.indices.map { group in
        probabilities.indices.map { index -> Double in
          guard let quantile = quantiles[group][index], !reweighted[group].isEmpty else {
            return .nan
          }
          return rule.quantile(probabilities[index], of: &reweighted[group]) - quantile
        }
      }
    }
    return quantiles.indices.map { group in
      probabilities.indices.map { index in byReplicate.map { $0[group][index] } }
    }
  }
}

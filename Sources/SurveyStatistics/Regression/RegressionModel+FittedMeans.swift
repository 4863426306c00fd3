import SurveyData

extension RegressionModel {
  /// Fitted means by row of the dataset; NaN for rows that are out of the model. Of a logistic model
  /// they are probabilities; an ordinal model has none.
  package var fittedMeans: [Double] {
    guard case .canonical(let fit) = fit else { return [] }
    var means = [Double](repeating: .nan, count: design.datasetRowCount)
    var first = 0
    for codes in rows.codes {
      for (index, code) in codes.enumerated() where code != rows.outside {
        let position = first + index
        means[design.order.map { Int($0[position]) } ?? position] =
          fit.means[Int(code) / rows.levelCount]
      }
      first += codes.count
    }
    return means
  }
}

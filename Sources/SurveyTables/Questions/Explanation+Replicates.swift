import SurveyData
import SurveyStatistics

extension ReplicateWeights {
  /// How the variance comes about, in words.
  var explanation: String {
    let centre =
      isCentredOnEstimate ? "the estimate θ" : "the mean θ̄ of the replicates whose c_r is above 0"
    let scales = Set(rscales).sorted()
    let ofEach =
      scales.count == 1
      ? "c_r = \(shortestText(scales[0]))"
      : "c_r from \(shortestText(scales[0])) to \(shortestText(scales[scales.count - 1]))"
    return "Variance by \(count) replicates (\(method.rawValue)) in place of linearisation: "
      + "c · Σ c_r (θ_r − centre)², θ_r the estimate under the r-th weights, the centre \(centre), "
      + "c = \(shortestText(scale)), \(ofEach)."
  }
}

extension ReplicateDescription {
  /// The line of R that gives the design its replicates.
  ///
  /// - Parameter weight: the weight as a formula of R.
  func inR(weight: String, replicates: ReplicateWeights) -> String {
    let type =
      switch method {
      case .bootstrap: replicates.isMade ? "subbootstrap" : "bootstrap"
      case .jk1: "JK1"
      case .jkn: "JKn"
      case .brr: "BRR"
      case .fay: "Fay"
      case .sdr: "successive-difference"
      }
    let mse = isCentredOnEstimate ? "TRUE" : "FALSE"
    if replicates.isMade {
      var arguments = ["d", "type = \"\(type)\"", "mse = \(mse)"]
      if let rho { arguments.append("fay.rho = \(shortestText(rho))") }
      if method == .bootstrap { arguments.append("replicates = \(replicates.count)") }
      return "d <- as.svrepdesign(\(arguments.joined(separator: ", ")))"
    }
    let names = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    var arguments = [
      "data = data", "weights = \(weight)", "repweights = data[c(\(names))]", "type = \"\(type)\"",
      "combined.weights = TRUE", "mse = \(mse)",
    ]
    if let rho { arguments.append("rho = \(shortestText(rho))") }
    if scale != nil || method == .jkn {
      arguments.append("scale = \(shortestText(replicates.scale))")
    }
    if !rscales.isEmpty {
      let isConstant = replicates.rscales.allSatisfy { $0 == replicates.rscales[0] }
      arguments.append(
        "rscales = "
          + (isConstant
            ? "rep(\(shortestText(replicates.rscales[0])), \(replicates.count))"
            : "c(\(replicates.rscales.map(shortestText).joined(separator: ", ")))"))
    }
    return "d <- svrepdesign(\(arguments.joined(separator: ", ")))"
  }
}

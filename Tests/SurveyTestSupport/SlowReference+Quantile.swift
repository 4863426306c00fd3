/// Quantiles by plain loops over all answers in order: see `SlowDesign`.
extension SlowDesign {
  /// One answer with its weight, and the weight up to and with it.
  private struct Answer {
    var value: Double
    var weight: Double
    var cumulated: Double
  }

  private func answers(_ x: [Double], in domain: [Bool]) -> [Answer] {
    let rows = x.indices.filter { domain[$0] && weights[$0] > 0 }
    var sum = 0.0
    return rows.sorted { (x[$0], $0) < (x[$1], $1) }.map { row in
      sum += weights[row]
      return Answer(value: x[row], weight: weights[row], cumulated: sum)
    }
  }

  /// The p-quantile of a number in a domain by a rule's name, from its definition; `nil` without
  /// answers.
  public func quantile(
    _ p: Double, of x: [Double], in domain: [Bool], rule: String
  ) -> Double? {
    let answers = answers(x, in: domain)
    guard let last = answers.last else { return nil }
    let (n, total) = (answers.count, last.cumulated)
    func meets(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-13 * abs(b) }
    var points: [Double] = []
    switch rule {
    case "hf1", "hf2", "hf3":
      let target = p * total
      let k = answers.firstIndex { $0.cumulated >= target || meets($0.cumulated, target) } ?? n - 1
      let value = answers[k].value
      guard meets(answers[k].cumulated, target), k + 1 < n else { return value }
      if rule == "hf2" { return (value + answers[k + 1].value) / 2 }
      let number = Set(answers[...k].map(\.value)).count
      return rule == "hf3" && number % 2 == 1 ? answers[k + 1].value : value
    case "hf4": points = answers.map { $0.cumulated / total }
    case "hf5": points = answers.map { ($0.cumulated - $0.weight / 2) / total }
    case "hf6": points = answers.map { $0.cumulated / (total + last.weight) }
    case "hf7":
      points = answers.map { ($0.cumulated - $0.weight) / (total - last.weight) }
    case "hf8":
      points = answers.map { ($0.cumulated - $0.weight / 3) / (total + last.weight / 3) }
    case "hf9":
      points = answers.map { ($0.cumulated - $0.weight * 3 / 8) / (total + last.weight / 4) }
    case "shahvaish":
      let scale = Double(n) / total
      points = answers.map {
        ($0.cumulated * scale + 0.5 - $0.weight * scale / 2) / Double(n + 1)
      }
      return answers[points.lastIndex { $0 <= p || meets($0, p) } ?? 0].value
    default: preconditionFailure("no rule \(rule)")
    }
    guard n > 1, p >= points[0] else { return answers[0].value }
    guard p < points[n - 1] else { return answers[n - 1].value }
    let k = points.lastIndex { $0 <= p }!
    let (low, high) = (answers[k].value, answers[k + 1].value)
    return low + (high - low) * ((p - points[k]) / (points[k + 1] - points[k]))
  }

  /// Woodruff's limits by the share's ± t standard errors; a limit is `nil` beyond 0 or 1.
  public func woodruff(
    _ p: Double, of x: [Double], in domain: [Bool], rule: String, t: Double
  ) -> (low: Double?, high: Double?)? {
    guard let quantile = quantile(p, of: x, in: domain, rule: rule) else { return nil }
    let below = share(of: x.map { $0 <= quantile }, in: domain)
    let margin = t * max(below.variance, 0).squareRoot()
    func limit(_ share: Double) -> Double? {
      share < 0 || share > 1 ? nil : self.quantile(share, of: x, in: domain, rule: rule)
    }
    return (limit(below.value - margin), limit(below.value + margin))
  }
}

import SurveyData
import SurveyStatistics

/// The answer to a trend: estimates by wave, differences, the regression on time and its tests.
struct TrendAnswer {
  private(set) var table: Table

  private let question: TrendQuestion
  private let survey: ResolvedSurvey

  /// - Parameter waves: the design of the waves, from which `survey` was resolved.
  init(_ question: TrendQuestion, survey: ResolvedSurvey, waves: WaveDesign) throws {
    self.question = question
    self.survey = survey
    switch question.statistic {
    case .share, .mean: break
    default: throw TrendError.notAStatistic(question.statistic.name)
    }
    if let family = question.family, family != .linear, family != .logistic {
      throw TrendError.family(family.rawValue)
    }
    table = try survey.table(answering: Comparison(question.estimates, .pairs))
    table.command = "trend"
    table.warnings = waves.warnings + table.warnings
    let times = try Self.times(of: table.cells, column: question.time)
    let asked = try Self.wavesAsked(question, survey: survey)
    let order = table.cells.indices.filter {
      asked.contains(table.cells[$0].group[0].code)
        && (table.cells[$0].estimate.base > 0 || table.cells[$0].suppression != nil)
    }
    .sorted { times[$0] < times[$1] }
    guard order.count > 1 else {
      throw TrendError.oneWave(column: question.time, file: survey.dataset.source.path)
    }
    table.cells = order.map { table.cells[$0] }
    table.differences = steps(table.differences, codes: table.cells.map { $0.group[0].code })
    if question.overlap == .unknown { boundErrors() }
    table.tests = []

    let wordings = survey.dataset.codebook.variables[question.item]?.waveWordings ?? [:]
    var isOfShare = false
    if case .share = question.statistic { isOfShare = true }
    var trend = TrendSummary(
      time: question.time,
      points: zip(order, table.cells).map { index, cell in
        let isShown = cell.suppression == nil
        return TrendSummary.Point(
          time: times[index], code: cell.group[0].code,
          value: isShown ? cell.estimate.value : nil,
          interval: isShown ? cell.estimate.interval : nil,
          otherWording: question.time == SurveyFile.waveColumn
            ? wordings[cell.group[0].code] : nil)
      }, line: [], change: nil, departure: nil, perUnit: nil, repeatedUnits: waves.repeated,
      isOfShare: isOfShare, adjustedFor: question.adjust)
    for point in trend.points {
      guard let wording = point.otherWording else { continue }
      let text = wording[.en].isEmpty ? "" : ": \u{201C}\(wording[.en])\u{201D}"
      table.warnings.append(
        "\(question.time) \(point.code): the question was worded otherwise\(text). A difference from "
          + "this wave may be one of wording.")
    }
    try addRegression(to: &trend)
    table.trend = trend
  }

  private static func times(of cells: [Cell], column: String) throws -> [Double] {
    cells.map { decimalNumber($0.group[0].code) ?? .nan }
  }

  /// The waves in which somebody answered the item at all: in the others it was not asked, which is no
  /// secret.
  private static func wavesAsked(
    _ question: TrendQuestion, survey: ResolvedSurvey
  ) throws -> Set<String> {
    let waves = TabulationPlan.Factor(try survey.dataset.categories(question.time))
    let answers = TabulationPlan.Factor(try survey.dataset.column(question.item).validity)
    let counts = survey.design.tabulate(
      TabulationPlan([.init(groups: [waves], cells: answers, moments: .rowsAlone)]))[0].counts
    let codes = waves.column.categories.filter { $0.missing == nil }.map(\.code)
    return Set(
      codes.indices.filter { wave in
        (0..<answers.levelCount).contains { counts[wave * answers.levelCount + $0] > 0 }
      }.map { codes[$0] })
  }

  /// From each wave to the next, and from the first to the last.
  private func steps(_ all: [Difference], codes: [String]) -> [Difference] {
    var pairs = zip(codes, codes.dropFirst()).map { ($0, $1) }
    if codes.count > 2 { pairs.append((codes[0], codes[codes.count - 1])) }
    return pairs.compactMap { from, to in
      for difference in all {
        let ends = (difference.from.codes.first?.code, difference.to.codes.first?.code)
        if ends == (from, to) { return difference }
        if ends == (to, from) { return difference.reversed }
      }
      return nil
    }
  }

  /// Errors of differences where nobody knows who answered twice.
  private mutating func boundErrors() {
    for index in table.differences.indices where table.differences[index].suppression == nil {
      let difference = table.differences[index]
      let errors = [difference.from, difference.to].compactMap { side in
        table.cells.first { side == .group($0.group) }?.estimate.standardError
      }
      guard errors.count == 2, let value = difference.contrast.estimate else { continue }
      let bounds = abs(errors[0] - errors[1])...(errors[0] + errors[1])
      var contrast = difference.contrast
      contrast.standardError = bounds.upperBound
      let df = contrast.degreesOfFreedom
      if bounds.upperBound > 0, df > 0 {
        contrast.statistic = value / bounds.upperBound
        contrast.pValue = StudentT.twoSidedPValue(
          value / bounds.upperBound, degreesOfFreedom: df)
        let t = StudentT.criticalValue(level: table.level, degreesOfFreedom: df)
        contrast.interval = Interval(
          low: value - t * bounds.upperBound, high: value + t * bounds.upperBound,
          level: table.level, method: .wald)
      }
      table.differences[index].contrast = contrast
      table.differences[index].adjustedPValue = contrast.pValue
      table.differences[index].errorBounds = bounds
    }
  }

  /// The regression on time, the tests of change and of departure from the line, the line.
  private mutating func addRegression(to trend: inout TrendSummary) throws {
    // A withheld wave would be told by the line through the others.
    guard trend.points.allSatisfy({ $0.value != nil }) else {
      table.warnings.append("No trend line: a wave is withheld, and the line would tell of it.")
      return
    }
    let numbers = try survey.dataset.numbers(question.time)
    var survey = survey
    survey = survey.with(
      Column(name: question.time, values: .numeric(numbers)), kind: .numeric)
    let answer = try ModelAnswer(question.model(isCategorical: false), survey: survey)
    table.model = answer.table.model
    let said = Set(table.warnings)
    table.warnings += answer.table.warnings.filter { !said.contains($0) }
    let time = question.time
    let isSlope = { (term: String) in term == time }
    trend.perUnit = answer.table.model?.effects.first { isSlope($0.term) }
    if table.model?.coefficients.first(where: { isSlope($0.term) })?.isWithheld == false {
      let times = trend.points.map(\.time)
      // Evenly, and at each wave: a line may begin or end at any of them.
      let even = (0...40).map {
        times[0] + (times[times.count - 1] - times[0]) * Double($0) / 40
      }
      let grid = Set(even + times).sorted()
      let bounded = trend.isOfShare && answer.model.family == .logistic
      trend.line = answer.model.means(of: question.time, at: grid, level: table.level)
        .enumerated().map { index, point in point.onLine(at: grid[index], isShare: bounded) }
    }
    guard trend.points.count > 1 else { return }
    do {
      let waves = try ModelAnswer(question.model(isCategorical: true), survey: survey).model
      let tests = waves.changeTests(of: question.time, times: trend.points.map(\.time))
      trend.change = tests.change.map { .init($0) }
      trend.departure = tests.departure.map { .init($0) }
    } catch let error as ModelError {
      table.warnings.append("No test of change between waves. \(error)")
    }
  }
}

extension ModelEstimate {
  /// A share's band is made on the logit scale, so that it stays between 0 and 1.
  fileprivate func onLine(at time: Double, isShare: Bool) -> TrendSummary.LinePoint {
    let value = estimate ?? .nan
    var point = TrendSummary.LinePoint(
      time: time, value: value, low: interval?.low, high: interval?.high)
    if isShare, let interval, value > 0, value < 1 {
      let half = (interval.high - value) / (value * (1 - value))
      let odds = value / (1 - value)
      point.low = odds * exponentialOf(-half) / (1 + odds * exponentialOf(-half))
      point.high = odds * exponentialOf(half) / (1 + odds * exponentialOf(half))
    }
    return point
  }
}

extension RegressionModel {
  /// Wald tests with every wave a category: of any change, and of a departure from the line.
  ///
  /// On a line the effect of wave k is proportional to its time: for each wave after the second,
  /// e_k − (t_k − t_1)/(t_2 − t_1)·e_2 = 0, e the effects against the first wave.
  fileprivate func changeTests(
    of time: String, times: [Double]
  ) -> (change: WaldTest?, departure: WaldTest?) {
    let columns = times.dropFirst().compactMap { time -> (Double, Int)? in
      names.indices.first {
        termOfColumn[$0] == 0
          && names[$0] == "\(description.terms.terms[0].name)=\(shortestText(time))"
      }.map { (time, $0) }
    }
    guard columns.count == times.count - 1,
      columns.allSatisfy({ coefficients[$0.1] != nil })
    else { return (nil, nil) }
    let change = test("change", combinations: columns.map { [($0.1, 1)] })
    guard columns.count > 1 else { return (change, nil) }
    let unit = columns[0].0 - times[0]
    let departure = test(
      "departure from linearity",
      combinations: columns.dropFirst().map { time, column in
        [(column, 1), (columns[0].1, -(time - times[0]) / unit)]
      })
    return (change, departure)
  }
}

extension Difference {
  /// The same difference the other way round.
  fileprivate var reversed: Difference {
    var result = self
    (result.from, result.to) = (to, from)
    result.contrast.estimate = contrast.estimate.map { -$0 }
    result.contrast.statistic = contrast.statistic.map { -$0 }
    if let interval = contrast.interval {
      result.contrast.interval?.low = -interval.high
      result.contrast.interval?.high = -interval.low
    }
    return result
  }
}

extension ResolvedSurvey {
  /// The answer to a trend, with what the disclosure rules protect withheld.
  public func table(answering question: TrendQuestion, waves: WaveDesign) throws -> Table {
    try TrendAnswer(question, survey: self, waves: waves).table
  }
}

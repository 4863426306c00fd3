import SurveyData
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

/// R survey 4.1's differences, line by line: `contrasts.R`.
@Suite("Differences equal R survey 4.1")
struct ContrastReferenceTests {
  @Test("estimates, errors, t, p-values, intervals and degrees of freedom to 1e-8")
  func differences() throws {
    var surveys: [String: ResolvedSurvey] = [:]
    var tables: [String: Table] = [:]
    let references = try ReferenceCase.all(in: "contrasts.csv")
    var withoutError = 0
    for reference in references {
      let survey = try surveys[reference.designKey] ?? reference.survey()
      surveys[reference.designKey] = survey
      let sides = reference.sides
      let key = "\(reference.designKey)|\(reference.name)|\(sides)"
      let table =
        try tables[key] ?? survey.table(answering: Comparison(reference.comparedQuestion, sides))
      tables[key] = table
      if try reference.compare(with: table.differences) { withoutError += 1 }
    }
    #expect(references.count == 714)
    // No side of a line is of one PSU: nothing was passed over.
    #expect(withoutError == 0)
  }
}

extension ReferenceCase {
  fileprivate var sides: Comparison.Sides {
    if let value = row.number("value") { return .number(value) }
    if !row["items"]!.isEmpty { return .item(String(row["items"]!.split(separator: ",")[1])) }
    return switch row["from"] {
    case "rest": .againstRest
    case "total": .againstTotal
    default: .pairs
    }
  }

  fileprivate var comparedQuestion: Question {
    get throws {
      var question = try question(
        row["statistic"] == "mean" ? .mean : net.map { .share(of: $0) } ?? .shares)
      if let first = row["items"]!.split(separator: ",").first { question.item = String(first) }
      return question
    }
  }

  /// - Returns: whether R has an error that we refuse.
  fileprivate func compare(with differences: [Difference]) throws -> Bool {
    func text(_ side: Difference.Side) -> String {
      switch side {
      case .rest: "rest"
      case .total: "total"
      case .item, .group: side.codes.map(\.code).joined(separator: ":")
      case .number: ""
      }
    }
    let place = "\(name) \(row["category"]!) from \(row["from"]!) to \(row["to"]!)"
    let difference = try #require(
      differences.first {
        text($0.from) == row["from"] && text($0.to) == row["to"]
          && ($0.category ?? "") == row["category"]
      }, Comment(rawValue: place))
    let contrast = difference.contrast
    // R gives an error where all respondents of one side are of one PSU, as if that side had none.
    let isOnePSU = contrast.caveats == [.onePSU]
    func check(_ column: String, _ ours: Double?) {
      guard let theirs = row.number(column), !theirs.isNaN else { return }
      if let ours {
        expectClose(ours, theirs, relative: 1e-8, absolute: 1e-10, "\(place), \(column)")
      } else if !isOnePSU {
        Issue.record("\(place): no \(column), R has \(theirs)")
      }
    }
    check("estimate", contrast.estimate)
    check("se", contrast.standardError)
    check("test_statistic", contrast.statistic)
    check("p", contrast.pValue)
    check("low", contrast.interval?.low)
    check("high", contrast.interval?.high)
    check("df", contrast.degreesOfFreedom)
    // A p-value is held to its own size, however small.
    if let ours = contrast.pValue, let theirs = row.number("p") {
      expectClose(ours, theirs, relative: 1e-8, "\(place), p")
    }
    return isOnePSU
  }
}

import SurveyData
import SurveyStatistics

/// One breakdown of a banner as groups of a tabulation: the crossing of some columns, or the answers
/// of a set, of which a respondent can have several.
struct BannerBreakdown {
  let columns: [String]
  let label: LocalizedText
  let hasOverlap: Bool
  /// By column of the table.
  let values: [[GroupValue]]
  /// Crossed, the first varying slowest; with overlap one an answer, each of chosen and not chosen.
  let factors: [TabulationPlan.Factor]

  init(_ columns: [String], survey: ResolvedSurvey) throws {
    self.columns = columns
    let codebook = survey.dataset.codebook
    func set(_ name: String) -> MultiResponseSet? {
      codebook.multiResponseSets.first { $0.name == name }
    }
    if columns.count == 1, let set = set(columns[0]) {
      let several = try SeveralAnswers(set, in: survey.dataset)
      hasOverlap = true
      factors = several.answers.map(\.factor)
      values = several.answers.map {
        [GroupValue(column: set.name, code: $0.code, label: $0.label)]
      }
      label = set.label == LocalizedText() ? LocalizedText(set.name) : set.label
      return
    }
    if let set = columns.lazy.compactMap(set).first {
      throw QuestionError.setNotNested(set.name, file: survey.dataset.source.path)
    }
    let grouping = try Grouping(columns, in: survey.dataset)
    hasOverlap = false
    factors = grouping.factors
    values = (0..<grouping.factors.reduce(1) { $0 * $1.levelCount }).map {
      grouping.values(ofGroup: $0, survey: survey)
    }
    func text(_ language: Language) -> String {
      columns.map { codebook.label(of: $0, language: language) }.joined(separator: " \u{00D7} ")
    }
    label = LocalizedText(da: text(.da), en: text(.en))
  }

  /// The groupings to be tabulated, each a block: one, or with overlap one an answer.
  var groupings: [[TabulationPlan.Factor]] { hasOverlap ? factors.map { [$0] } : [factors] }

  /// Which grouping and which of its groups a column is.
  func place(ofColumn column: Int) -> (grouping: Int, group: Int) {
    hasOverlap ? (column, 0) : (0, column)
  }

  /// The columns that letters hold against each other: nested ones only under the same heading, as
  /// SPSS CTABLES and Dimensions do.
  var families: [[Int]] {
    values.indices.reduce(into: []) { families, column in
      let heading = values[column].dropLast()
      if let last = families.last?.first, values[last].dropLast() == heading {
        families[families.count - 1].append(column)
      } else {
        families.append([column])
      }
    }
  }
}

extension TabulationPlan.Factor {
  /// The crossing of factors as one, the first varying slowest.
  static func crossing(_ factors: [TabulationPlan.Factor]) -> TabulationPlan.Factor {
    if factors.count == 1 { return factors[0] }
    let count = factors.reduce(1) { $0 * $1.levelCount }
    var codes = [Int32](repeating: 0, count: factors[0].column.rowCount)
    for factor in factors {
      factor.column.forEachIndex { row, index in
        let level = factor.levels[index]
        codes[row] =
          codes[row] < 0 || level < 0 ? -1 : codes[row] * Int32(factor.levelCount) + level
      }
    }
    let categories =
      (0..<count).map { SurveyData.Category(code: String($0)) }
      + [SurveyData.Category(code: "", missing: .noAnswer)]
    let width = CategoricalColumn.Width.narrowest(for: count + 1)
    func bytes<Code: FixedWidthInteger & BitwiseCopyable>(_ type: Code.Type) -> Bytes {
      Bytes(of: Code.self, count: codes.count) { span in
        for row in codes.indices {
          span[row] = codes[row] < 0 ? Code(count) : Code(codes[row])
        }
      }
    }
    let stored =
      switch width {
      case .one: bytes(UInt8.self)
      case .two: bytes(UInt16.self)
      case .four: bytes(UInt32.self)
      }
    return TabulationPlan.Factor(
      column: CategoricalColumn(categories: categories, width: width, bytes: stored),
      levels: (0..<count).map { Int32($0) } + [-1], levelCount: count)
  }

  /// The net of some levels alone: what is outside has no level.
  func only(_ net: [Int]) -> TabulationPlan.Factor {
    TabulationPlan.Factor(
      column: column, levels: levels.map { $0 >= 0 && net.contains(Int($0)) ? 0 : -1 },
      levelCount: 1)
  }
}

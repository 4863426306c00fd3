import SurveyData
import SurveyStatistics

/// A question with several answers as columns of in or not in, an answer each, on one base: the
/// respondents with any valid answer to it.
struct SeveralAnswers {
  struct Answer {
    let code: String
    let label: LocalizedText
    /// Chosen (0) or not (1); what is no answer has no level.
    let factor: TabulationPlan.Factor
    /// Of a ranking: the place it was given, missing where it was given none.
    var places: NumericColumn?
  }

  let set: MultiResponseSet
  let answers: [Answer]
  /// Chosen, not chosen, and the reasons for no answer: of the first answer, for the ledger.
  var ledgerColumn: CategoricalColumn { answers[0].factor.column }

  init(_ set: MultiResponseSet, in dataset: Dataset) throws {
    self.set = set
    let columns = try set.columns.map { try dataset.categories($0) }
    let validity = Validity(columns)
    let codebook = dataset.codebook
    func label(_ code: String, of variable: String) -> LocalizedText {
      LocalizedText(
        da: codebook.label(of: code, in: variable, language: .da),
        en: codebook.label(of: code, in: variable, language: .en))
    }
    switch set.coding {
    case .dichotomies:
      answers = zip(set.columns, columns).map { name, column in
        let isSelected = column.categories.map { $0.missing == nil && $0.code == set.selected }
        let text = codebook.variables[name]?.label ?? LocalizedText()
        return Answer(
          code: name, label: text == LocalizedText() ? LocalizedText(name) : text,
          factor: validity.factor { isSelected[column.index(at: $0)] })
      }
    case .joined(let separator):
      let column = columns[0]
      let parts = column.answers(separatedBy: separator)
      let listed = codebook.variables[set.name]?.categories.map(\.code) ?? set.codes.map(\.code)
      answers = allCodes(listed, in: parts).map { code in
        let isSelected = parts.map { $0.contains(code) }
        let own = set.codes.first { $0.code == code }?.label
        return Answer(
          code: code, label: own ?? label(code, of: set.columns[0]),
          factor: validity.factor { isSelected[column.index(at: $0)] })
      }
    case .ranked, .categories:
      // An answer that the survey file lists and nobody gave keeps its row.
      var codes = set.codes.map(\.code)
      for column in columns {
        for category in column.categories
        where category.missing == nil && !codes.contains(category.code) {
          codes.append(category.code)
        }
      }
      answers = codes.map { code in
        let wanted = columns.map { column in
          column.categories.firstIndex { $0.code == code && $0.missing == nil } ?? -1
        }
        func place(_ row: Int) -> Int? {
          columns.indices.first { columns[$0].index(at: row) == wanted[$0] }
        }
        let own = set.codes.first { $0.code == code }?.label
        var answer = Answer(
          code: code, label: own ?? label(code, of: set.columns[0]),
          factor: validity.factor { row in
            // Of a ranking, to be among the first; of a set, to be anywhere.
            place(row).map { set.coding == .categories || $0 < set.top } ?? false
          })
        answer.places = NumericColumn(
          (0..<dataset.rowCount).map { row in place(row).map { Double($0 + 1) } })
        return answer
      }
    }
    guard !answers.isEmpty else {
      throw QuestionError.noValidAnswer(set.name, domain: nil, file: dataset.source.path)
    }
  }

  /// Which rows have any valid answer, and why the others have none.
  private struct Validity {
    /// 2 and more for a reason; 1 for an answer.
    private let codes: [UInt8]
    private let reasons: [MissingReason]

    init(_ columns: [CategoricalColumn]) {
      let all = MissingReason.allCases
      reasons = all
      var codes = [UInt8](repeating: 0, count: columns[0].rowCount)
      for column in columns {
        let meanings = column.categories.map { category in
          category.missing.map { UInt8(2 + all.firstIndex(of: $0)!) } ?? 1
        }
        column.forEachIndex { row, index in
          let meaning = meanings[index]
          // An answer to any of the columns is an answer; else the first column's reason holds.
          if meaning == 1 || codes[row] == 0 { codes[row] = meaning }
        }
      }
      self.codes = codes
    }

    func factor(_ isChosen: (Int) -> Bool) -> TabulationPlan.Factor {
      let indices = Bytes(of: UInt8.self, count: codes.count) { span in
        for row in codes.indices {
          span[row] = codes[row] == 1 ? (isChosen(row) ? 0 : 1) : codes[row]
        }
      }
      let categories =
        [SurveyData.Category(code: "1"), SurveyData.Category(code: "0")]
        + reasons.map { SurveyData.Category(code: $0.rawValue, missing: $0) }
      let column = CategoricalColumn(categories: categories, width: .one, bytes: indices)
      return TabulationPlan.Factor(column)
    }
  }
}

extension SeveralAnswers {
  /// Answers given by a respondent, missing where there is no answer at all.
  var numberOfAnswers: NumericColumn {
    let columns = answers.map(\.factor.column)
    return NumericColumn(
      (0..<columns[0].rowCount).map { row in
        guard columns[0].index(at: row) < 2 else { return nil }
        return Double(columns.reduce(0) { $0 + ($1.index(at: row) == 0 ? 1 : 0) })
      })
  }

  /// 1 where an answer was given, 0 where another was, else missing.
  func indicator(_ answer: Answer) -> NumericColumn {
    let column = answer.factor.column
    return NumericColumn(
      (0..<column.rowCount).map { row in
        let index = column.index(at: row)
        return index < 2 ? Double(1 - index) : nil
      })
  }

  /// As many points for the first place as there are places, 0 for none; missing without an answer.
  func points(_ answer: Answer) -> NumericColumn {
    let column = answer.factor.column
    let best = Double(set.columns.count + 1)
    return NumericColumn(
      (0..<column.rowCount).map { row in
        guard column.index(at: row) < 2 else { return nil }
        guard let place = answer.places?.withValues({ $0[row] }), !place.isNaN else { return 0 }
        return best - place
      })
  }
}

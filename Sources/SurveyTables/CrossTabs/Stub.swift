import SurveyData
import SurveyStatistics

/// The rows of a table, and what has to be tabulated for them.
struct Stub {
  /// Where a row's figures come from.
  enum Figures {
    /// The share of some levels of a part.
    case share(part: Int, levels: [Int])
    /// The mean of a number.
    case mean(Int)
    /// The ratio of a number's two sums.
    case ratio(Int)
  }

  let name: String
  let label: LocalizedText
  let question: LocalizedText
  /// What levels a respondent can have; more than one part where there can be several answers.
  let parts: [TabulationPlan.Factor]
  let numbers: [[TabulationPlan.Sum]]
  let rows: [(row: CrossTable.Row, figures: Figures)]
  let hasSeveralAnswers: Bool
  let ledgerColumn: CategoricalColumn
  let isAnswer: [Bool]
  /// Codes of nets that no row has.
  let absent: [String]

  init(_ question: CrossTabQuestion, survey: ResolvedSurvey) throws {
    let codebook = survey.dataset.codebook
    if let set = codebook.multiResponseSets.first(where: { $0.name == question.rows }) {
      self = try Stub(SeveralAnswers(set, in: survey.dataset), question)
    } else {
      self = try Stub(
        Item(question.rows, in: survey.dataset, keepingMissing: question.keptMissing), question,
        survey)
    }
  }

  private init(_ item: Item, _ question: CrossTabQuestion, _ survey: ResolvedSurvey) throws {
    let variable = survey.dataset.codebook.variables[item.name]
    name = item.name
    label = variable?.label ?? LocalizedText()
    self.question = variable?.question ?? LocalizedText()
    parts = [item.factor]
    var rows: [(row: CrossTable.Row, figures: Figures)] = item.answers.enumerated().map {
      level, category in
      let reason = category.code.isEmpty ? category.missing?.text : nil
      let label = reason ?? survey.label(of: category.code, in: item.name)
      return (
        CrossTable.Row(kind: .category, code: category.code, net: nil, label: label),
        .share(part: 0, levels: [level])
      )
    }
    let choices: [NetChoice] =
      switch question.nets {
      case .none: []
      case .codebook: (variable?.nets ?? []).map { NetChoice($0.name) }
      case .chosen(let choices): choices
      }
    var absent: [String] = []
    for choice in choices {
      let net = try item.net(choice, in: survey.dataset)
      absent += net.absent
      rows.append(
        (
          CrossTable.Row(kind: .net, code: nil, net: net.name, label: net.label),
          .share(part: 0, levels: net.levels)
        ))
    }
    let showsMean =
      switch question.mean {
      case .none: false
      case .wanted: true
      case .whereCodesMeasure:
        variable?.measurement != .nominal && item.answers.map(\.code).areMeasures
      }
    if showsMean {
      numbers = [[.measuredFromWithin(try survey.dataset.numbers(item.name))]]
      rows.append(
        (
          CrossTable.Row(
            kind: .mean, code: nil, net: nil, label: LocalizedText(da: "Gennemsnit", en: "Mean")),
          .mean(0)
        ))
    } else {
      numbers = []
    }
    self.rows = rows
    self.absent = absent
    hasSeveralAnswers = false
    ledgerColumn = item.column
    isAnswer = item.factor.levels.map { $0 >= 0 }
  }

  private init(_ several: SeveralAnswers, _ question: CrossTabQuestion) {
    name = several.set.name
    label = several.set.label
    self.question = several.set.question
    parts = several.answers.map(\.factor)
    var rows: [(row: CrossTable.Row, figures: Figures)] = several.answers.enumerated().map {
      (
        CrossTable.Row(kind: .category, code: $1.code, net: nil, label: $1.label),
        .share(part: $0, levels: [0])
      )
    }
    var numbers: [[TabulationPlan.Sum]] = []
    func add(
      _ kind: CrossTable.Row.Kind, _ answer: SeveralAnswers.Answer, _ sums: [TabulationPlan.Sum],
      _ figures: (Int) -> Figures
    ) {
      rows.append(
        (
          CrossTable.Row(kind: kind, code: answer.code, net: nil, label: answer.label),
          figures(numbers.count)
        ))
      numbers.append(sums)
    }
    if several.set.coding == .ranked {
      for answer in several.answers {
        add(.meanRank, answer, [.init(answer.places!, origin: 1)], Figures.mean)
      }
      for answer in several.answers {
        add(.borda, answer, [.init(several.points(answer))], Figures.mean)
      }
    } else {
      let count = several.numberOfAnswers
      for answer in several.answers {
        add(
          .answerShare, answer, [.init(several.indicator(answer)), .init(count)], Figures.ratio)
      }
    }
    self.rows = rows
    self.numbers = numbers
    hasSeveralAnswers = true
    ledgerColumn = several.ledgerColumn
    isAnswer = ledgerColumn.categories.map { $0.missing == nil }
    absent = []
  }
}

extension [String] {
  /// Whether codes can be read as a scale: three numbers or more, none with a leading zero, as
  /// municipalities have.
  fileprivate var areMeasures: Bool {
    count > 2
      && allSatisfy { code in
        let hasLeadingZero = code.first == "0" && code.dropFirst().first?.isNumber == true
        return decimalNumber(code) != nil && !hasLeadingZero
      }
  }
}

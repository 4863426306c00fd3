import SurveyData
import SurveyStatistics

/// Where the rows of a question went, by reason: nothing is left out in silence.
struct RowLedger {
  let use: RowUse
  /// In both languages.
  let sentences: [LocalizedText]

  var warnings: [String] { sentences.map { $0[.en] } }

  /// - Parameters:
  ///   - counts: rows in the domain by every category of the column, missing ones too.
  ///   - label: what people call the column; its name where there is none.
  ///   - isAnswer: by category, whether it counts as an answer.
  ///   - used: rows in the estimate, where that is fewer than the answers to this column.
  init(
    _ counts: Tabulation, of column: CategoricalColumn, named name: String,
    label: LocalizedText? = nil, isAnswer: [Bool], used: Int? = nil, survey: ResolvedSurvey
  ) {
    let label = label ?? LocalizedText("'\(name)'")
    let inDomain = counts.counts.reduce(0, +)
    var answers = 0
    var missing: [(reason: MissingReason, count: Int)] = []
    for (index, category) in column.categories.enumerated() {
      if isAnswer[index] {
        answers += counts.counts[index]
      } else if counts.counts[index] > 0, let reason = category.missing {
        if let known = missing.firstIndex(where: { $0.reason == reason }) {
          missing[known].count += counts.counts[index]
        } else {
          missing.append((reason, counts.counts[index]))
        }
      }
    }
    let design = survey.design
    let used = used ?? answers
    use = RowUse(of: survey, inDomain: inDomain, used: used)

    var sentences: [LocalizedText] = []
    if !missing.isEmpty {
      func reasons(_ language: Language) -> String {
        missing.map { reason, count in
          // A handful of refusals can be the people who refused.
          let isFew = count < survey.disclosure.minimumCount
          let shown = isFew ? (language == .da ? "få" : "few") : "\(count)"
          return "\(reason.text[language]) \(shown)"
        }.joined(separator: ", ")
      }
      sentences.append(
        LocalizedText(
          da: "\(label[.da]): \(inDomain - answers) af \(inDomain) har ikke noget gyldigt svar "
            + "(\(reasons(.da))); de er ikke i basen.",
          en: "\(label[.en]): \(inDomain - answers) of \(inDomain) respondents have no valid "
            + "answer (\(reasons(.en))); they are not in the base."))
    }
    if used < answers {
      sentences.append(
        LocalizedText(
          da:
            "\(answers - used) har svaret på '\(name)', men ikke på den anden kolonne; de er ikke i "
            + "basen.",
          en:
            "\(answers - used) respondents have an answer to '\(name)' but not to the other column; "
            + "they are not in the base."))
    }
    if design.rowsWithoutWeight > 0 {
      let weight = design.description.weight ?? ""
      sentences.append(
        LocalizedText(
          da:
            "\(design.rowsWithoutWeight) rækker har ingen vægt i '\(weight)'; de er ude af designet.",
          en: "\(design.rowsWithoutWeight) rows have no weight in '\(weight)'; they are out of the "
            + "design."))
    }
    self.sentences = sentences
  }

  func requireAnswers(_ question: Question, file: String) throws(QuestionError) {
    guard use.used == 0 else { return }
    if use.missing == 0, let domain = question.domain {
      throw .emptyDomain(domain.text, file: file)
    }
    throw .noValidAnswer(question.item, domain: question.domain?.text, file: file)
  }
}

extension [String] {
  /// Columns that are crossed, for a sentence: `'region' by 'sex'`.
  var namedGrouping: String { map { "'\($0)'" }.joined(separator: " by ") }
}

extension Cell {
  /// The figure's place in the table, for a sentence: `share of stype = E for sch.wide = Yes`.
  var place: String {
    var text = "\(statistic) of \(variable)"
    if let category { text += " = \(category)" }
    if let net { text += " in \(net)" }
    if let probability { text += " at \(shortestText(probability))" }
    return text + groupPlace
  }

  /// The place of what all figures of a group have in common.
  private var base: String { "\(statistic) of \(variable)" + groupPlace }

  /// What sentences about this figure, its base and its grouping begin with, up to the colon.
  var sentencePlaces: [String] { [place, base, group.map(\.column).namedGrouping] }

  private var groupPlace: String {
    group.isEmpty
      ? "" : " for " + group.map { "\($0.column) = \($0.code)" }.joined(separator: ", ")
  }

  var caveatSentences: [String] {
    estimate.caveats.map { caveat in
      switch caveat {
      case .emptyBase: "\(base): nobody answered, so there is no figure."
      case .noDegreesOfFreedom(let df):
        "\(base): no interval, since its sampling units leave \(Int(df)) degrees of freedom."
      case .onePSU: "\(base): no standard error, since all its respondents are of one PSU."
      case .noVariance:
        "\(base): no standard error, since every stratum has a lonely sampling unit."
      case .noSamplingError:
        "\(place): the design leaves no sampling error, so there is no interval."
      case .replicatesWithoutValue(let count):
        "\(place): \(count) \(count == 1 ? "replicate leaves" : "replicates leave") nobody to "
          + "estimate from; the standard error is from the others."
      case .zeroDenominator: "\(place): the denominator is 0, so there is no ratio."
      case .largestAnswer:
        "\(place): it is the largest answer, so there is no standard error and no interval."
      case .openInterval(let low, let high):
        "\(place): no standard error and no interval, since "
          + (low == nil && high == nil
            ? "both limits would lie beyond the smallest and the largest answer."
            : low == nil
              ? "the lower limit would lie below the smallest answer."
              : "the upper limit would lie above the largest answer.")
      case .limitsCoincide:
        "\(place): both limits of the interval are the same answer; on so coarse a scale shares "
          + "say more."
      }
    }
  }
}

extension RowUse {
  /// - Parameters:
  ///   - inDomain: rows of positive weight in the subpopulation.
  ///   - used: those of them that an estimate has.
  init(of survey: ResolvedSurvey, inDomain: Int, used: Int) {
    let design = survey.design
    self.init(
      used: used, outsideDomain: design.rowCount - design.rowsOfZeroWeight - inDomain,
      missing: inDomain - used,
      withoutWeight: design.rowsWithoutWeight + design.rowsOfZeroWeight,
      dropped: survey.droppedRows, unreadable: survey.dataset.source.refusedRowsInAll)
  }
}

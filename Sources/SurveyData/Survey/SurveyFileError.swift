/// What is wrong with a survey file, by itself or against its data; every case knows its line.
public enum SurveyFileError: InputFault {
  // The survey file by itself.
  case noSuchScale(String, nearest: String?, place: SourcePlace)
  case unknownNetCode(net: String, code: String, codes: [String], place: SourcePlace)
  case codeIsBothValidAndMissing(String, place: SourcePlace)
  case categoriesOfNumbers(variable: String, place: SourcePlace)
  case nameTaken(String, first: SourcePlace, place: SourcePlace)
  case wrongLabels(derived: String, labelled: [String], codes: [String], place: SourcePlace)
  case circular([String], place: SourcePlace)
  case condition(ExpressionError, place: SourcePlace)
  case unknownRecodedCode(String, column: String, codes: [String], place: SourcePlace)
  case comparedWithNoCode(String, column: String, codes: [String], place: SourcePlace)
  case unknownSelected(String, set: String, column: String, codes: [String], place: SourcePlace)
  case unknownWave(String, codes: [String], place: SourcePlace)
  case noWave(SourcePlace)
  case guidelineOrder(String, low: Double, high: Double, place: SourcePlace)
  case guidelineOverlap(String, place: SourcePlace)
  case noSuchWave(String, variable: String, waves: [String], place: SourcePlace)

  // Against the data.
  case noSuchVariable(String, source: String, nearest: String?, files: [String], place: SourcePlace)
  case noSuchColumn(String, wantedBy: String, nearest: String?, place: SourcePlace)
  case columnTaken(String, file: String, place: SourcePlace)
  case codeOutsideScale(
    variable: String, code: String, rows: Int, first: RowPlace, nearest: String?,
    place: SourcePlace)
  case codeNobodyHas(variable: String, net: String, code: String, place: SourcePlace)
  case notNumeric(variable: String, code: String, rows: Int, first: RowPlace, place: SourcePlace)
  case notRecoded(String, code: String, rows: Int, first: RowPlace, place: SourcePlace)
  case validAndMissing(column: String, code: String, files: [String], place: SourcePlace)

  public var fault: Fault { .data }

  public var place: SourcePlace {
    switch self {
    case .noSuchScale(_, _, let place), .unknownNetCode(_, _, _, let place),
      .codeIsBothValidAndMissing(_, let place), .categoriesOfNumbers(_, let place),
      .nameTaken(_, _, let place), .wrongLabels(_, _, _, let place), .circular(_, let place),
      .condition(_, let place),
      .unknownRecodedCode(_, _, _, let place), .comparedWithNoCode(_, _, _, let place),
      .noWave(let place), .guidelineOrder(_, _, _, let place), .guidelineOverlap(_, let place),
      .noSuchWave(_, _, _, let place),
      .unknownSelected(_, _, _, _, let place), .unknownWave(_, _, let place),
      .noSuchVariable(_, _, _, _, let place), .noSuchColumn(_, _, _, let place),
      .columnTaken(_, _, let place), .codeOutsideScale(_, _, _, _, _, let place),
      .codeNobodyHas(_, _, _, let place), .notNumeric(_, _, _, _, let place),
      .notRecoded(_, _, _, _, let place), .validAndMissing(_, _, _, let place):
      place
    }
  }

  public var description: String { "\(place): \(sentence)" }

  private var sentence: String {
    switch self {
    case .noSuchScale(let name, let nearest, _):
      "no scale is named '\(name)'."
        + didYouMean(nearest, else: " Describe it under scales, or give the variable categories.")
    case .unknownNetCode(let net, let code, let codes, _):
      "the net '\(net)' holds the code '\(code)', which is no valid answer of its scale. "
        + "Valid codes: \(list(codes))."
    case .codeIsBothValidAndMissing(let code, _):
      "the code '\(code)' stands under categories and under missing. Keep one of them."
    case .categoriesOfNumbers(let variable, _):
      "'\(variable)' is of type numeric, so it cannot have categories. "
        + "Leave out the type, or list the codes that are no number under missing."
    case .nameTaken(let name, let first, _):
      "the name '\(name)' is already taken (\(first)). Give one of them another name."
    case .wrongLabels(let name, let labelled, let codes, _):
      "the categories of '\(name)' are \(list(labelled)), but its rule gives \(list(codes)). "
        + "Label each code that it gives, and no other, or leave out the categories."
    case .circular(let names, _):
      "'\(names[0])' is made from itself: \(list(names, separator: " from "))."
    case .condition(let error, _): "\(error)"
    case .unknownRecodedCode(let code, let column, let codes, _):
      "'\(column)' has no code '\(code)'. Its codes: \(list(codes))."
    case .comparedWithNoCode(let written, let column, let codes, _):
      "'\(column)' is compared with \(written), which is none of its answers. "
        + "Its valid codes: \(list(codes)). For missing answers write is_missing(\(column))."
    case .unknownSelected(let code, let set, let column, let codes, _):
      "the set '\(set)' counts the code '\(code)' as chosen, but '\(column)' has no such code. "
        + "Its codes: \(list(codes))."
    case .unknownWave(let wave, let codes, _):
      "the categories of 'wave' lack the wave '\(wave)'. Their codes: \(list(codes))."
    case .noSuchWave(let wave, let variable, let waves, _):
      "'\(variable)' speaks of the wave '\(wave)', but no data file has it. Waves: \(list(waves))."
    case .guidelineOrder(let name, let low, let high, _):
      "the guideline '\(name)' goes from \(shortestText(low)) to \(shortestText(high)). "
        + "Give the smaller limit under low."
    case .guidelineOverlap(let name, _):
      "two versions of the guideline '\(name)' hold at the same time. Give each its from and until, "
        + "the oldest first."
    case .noWave:
      "this data file says no wave, but another does. Add wave: to each of them."
    case .noSuchVariable(let name, let source, let nearest, let files, _):
      "the data have no column '\(source)' for the variable '\(name)' (\(list(files)))."
        + didYouMean(
          nearest, else: " Give the column's name with source:, or take the variable out.")
    case .noSuchColumn(let name, let wantedBy, let nearest, _):
      "\(wantedBy) names the column '\(name)', which neither the data nor the survey file has."
        + didYouMean(nearest, else: " List the columns with `pejling describe`.")
    case .columnTaken(let name, let file, _):
      "\(file) has a column named '\(name)' already. Give this one another name."
    case .codeOutsideScale(let variable, let code, let rows, let first, let nearest, _):
      "'\(variable)' has no code '\(code)', but \(rowsHave(rows)) it, first \(first)."
        + didYouMean(nearest, else: "")
        + " Add the code to its categories or missing codes, or correct the data. A code is what "
        + "stands in the data, number or text."
    case .codeNobodyHas(let variable, let net, let code, _):
      "the net '\(net)' holds the code '\(code)', which is nowhere in '\(variable)' in the data. "
        + "Correct the code, or describe the variable's categories."
    case .notNumeric(let variable, let code, let rows, let first, _):
      "'\(variable)' is to be numbers, but \(rowsHave(rows)) '\(code)', first \(first). "
        + "List the code under missing, or correct the data."
    case .notRecoded(let name, let code, let rows, let first, _):
      "the map of '\(name)' has no entry for the code '\(code)', but \(rowsHave(rows)) it, "
        + "first \(first). Add an entry for it."
    case .validAndMissing(let column, let code, let files, _):
      "the code '\(code)' of '\(column)' is an answer in one data file and missing in another "
        + "(\(list(files))). Describe the variable, so that it means one thing."
    }
  }

  private func didYouMean(_ nearest: String?, else advice: String) -> String {
    nearest.map { " Did you mean '\($0)'?" } ?? advice
  }

  private func rowsHave(_ rows: Int) -> String { rows == 1 ? "1 row has" : "\(rows) rows have" }

  /// At most twelve names, the rest counted.
  private func list(_ names: [String], separator: String = ", ") -> String {
    let shown = names.prefix(12).map { "'\($0)'" }.joined(separator: separator)
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}

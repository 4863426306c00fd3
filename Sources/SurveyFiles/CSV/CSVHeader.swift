/// The names of the columns, and where the answers begin.
struct CSVHeader {
  /// Every name, made different from the others.
  var names: [String]
  /// A name that the file gives to several columns, and the columns that have it.
  var duplicates: [String: [Int]]
  var warnings: [String]
  /// The first byte of the answers, and its line.
  var end: Int
  var endLine: Int

  init(_ head: FileHead, file: String) {
    let first = head.records[0]
    var texts = first.cells.map { headerName($0.text) }
    end = first.end
    endLine = first.endLine
    warnings = []
    if let joined = joinedHeaderRows(head.records) {
      texts = joined
      end = head.records[1].end
      endLine = head.records[1].endLine
      warnings.append(
        "\(file): the first two rows are read as headers: question texts, and under them the "
          + "options. Columns are named 'question: option'.")
    }
    names = []
    duplicates = [:]
    var positions: [String: [Int]] = [:]
    for (index, text) in texts.enumerated() where !text.isEmpty {
      positions[text, default: []].append(index)
    }
    duplicates = positions.filter { $0.value.count > 1 }
    var taken = Set(texts)
    var seen: [String: Int] = [:]
    var unnamed: [String] = []
    var renamed: [String] = []
    for (index, text) in texts.enumerated() {
      if text.isEmpty {
        let name = unusedName("column \(index + 1)", &taken)
        names.append(name)
        unnamed.append("'\(name)'")
        continue
      }
      let occurrence = seen[text, default: 0] + 1
      seen[text] = occurrence
      if occurrence == 1 {
        names.append(text)
      } else {
        let name = unusedName("\(text) (\(occurrence))", &taken)
        names.append(name)
        renamed.append("'\(name)'")
      }
    }
    if !unnamed.isEmpty {
      warnings.append(
        "\(file): \(unnamed.count == 1 ? "a column has no name and is" : "columns without a name are") "
          + "called \(listed(unnamed)).")
    }
    if !renamed.isEmpty {
      warnings.append(
        "\(file): several columns have the same name; the later ones are called \(listed(renamed))."
      )
    }
  }
}

private func unusedName(_ wanted: String, _ taken: inout Set<String>) -> String {
  var name = wanted
  while !taken.insert(name).inserted { name += "'" }
  return name
}

private func listed(_ names: [String]) -> String {
  names.count <= 5
    ? names.joined(separator: ", ")
    : names.prefix(4).joined(separator: ", ") + " and \(names.count - 4) more"
}

/// A name on one line: line breaks and the blanks around them become one blank.
private func headerName(_ text: String) -> String {
  var name = ""
  var isAtBreak = false
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n", "\r", "\u{2028}", "\u{85}":
      while name.unicodeScalars.last == " " { name.unicodeScalars.removeLast() }
      isAtBreak = true
    case " " where isAtBreak: continue
    case "\u{FEFF}": continue
    default:
      if isAtBreak, !name.isEmpty { name += " " }
      isAtBreak = false
      name.unicodeScalars.append(scalar)
    }
  }
  var scalars = Substring(name).unicodeScalars
  while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
  while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
  return String(scalars)
}

/// The words under a question that has a single column.
private let singleAnswerWords: Set<String> = [
  "response", "open-ended response", "besvarelse", "svar", "åbent svar",
]

/// `question: option` for a file whose first row has question texts, with empty cells to the right
/// of a question with several columns, and whose second row has the options.
///
/// One header row with unnamed columns looks much the same, so more is asked for: the word
/// "Response" under a question with one column, or columns that hold nothing but their option.
private func joinedHeaderRows(_ records: [HeadRecord]) -> [String]? {
  guard records.count >= 2, records[1].cells.count == records[0].cells.count else { return nil }
  let questions = records[0].cells.map { headerName($0.text) }
  let options = records[1].cells.map { headerName($0.text) }
  let open = NumberDialect(pointMayGroup: true, commaMayGroup: true)
  guard !questions[0].isEmpty, questions.contains(""),
    options.allSatisfy({ writtenNumber($0, open) == nil })
  else { return nil }
  var question = ""
  var joined: [String] = []
  var saysResponse = false
  var optionColumns: [Int] = []
  for column in questions.indices {
    if !questions[column].isEmpty { question = questions[column] }
    let hasMore =
      questions[column].isEmpty
      || (column + 1 < questions.count && questions[column + 1].isEmpty)
    let option = options[column]
    if hasMore {
      guard !option.isEmpty else { return nil }
      optionColumns.append(column)
      joined.append("\(question): \(option)")
    } else {
      let isResponse = singleAnswerWords.contains(option.lowercased())
      guard option.isEmpty || isResponse else { return nil }
      if isResponse { saysResponse = true }
      joined.append(question)
    }
  }
  if saysResponse { return joined }
  let rows = records.dropFirst(2).filter { $0.cells.count == questions.count }
  let ticked = optionColumns.filter { column in
    let answers = rows.map { headerName($0.cells[column].text) }.filter { !$0.isEmpty }
    return !answers.isEmpty && answers.allSatisfy { $0 == options[column] }
  }
  return ticked.count * 2 > optionColumns.count ? joined : nil
}

import SurveyData

/// Reads a plan of tables and checks all that can be checked without the survey.
///
/// - Throws: a `YAMLError` or a `TablePlanError`; each names the file, the line and what to do.
public func readTablePlan(at path: String) throws -> TablePlan {
  try TablePlanReader(path: path).plan(YAMLDocument(at: path, called: "the plan of tables").root)
}

/// The same from bytes at hand, for tests; `path` is what messages call them.
package func tablePlan(of bytes: [UInt8], path: String) throws -> TablePlan {
  try TablePlanReader(path: path)
    .plan(YAMLDocument.root(of: bytes, file: path, called: "the plan of tables"))
}

/// The keys of a plan of tables and what they mean.
private struct TablePlanReader {
  let path: String

  func plan(_ cursor: YAMLCursor) throws -> TablePlan {
    try cursor.mapping { keys in
      let tables = try keys.require("tables")
      let title = try keys.take("title")?.localizedText()
      let language = try keys.take("language")?.word(of: Language.self)
      let common = try choices(&keys)
      var plan = TablePlan(path: path, common: common, tables: [])
      plan.title = title
      plan.language = language
      plan.tables = try tables.filledList().map(entry)
      return plan
    }
  }

  /// An item alone, or a mapping with what is chosen for it.
  private func entry(_ cursor: YAMLCursor) throws -> TablePlan.Entry {
    guard cursor.kind == .mapping else {
      return TablePlan.Entry(item: try cursor.text(), place: cursor.place)
    }
    return try cursor.mapping { keys in
      let item = try keys.require("item")
      let title = try keys.take("title")?.localizedText()
      return TablePlan.Entry(
        item: try item.text(), title: title, choices: try choices(&keys), place: item.place)
    }
  }

  private func choices(_ keys: inout YAMLKeys) throws -> TablePlan.Choices {
    var choices = TablePlan.Choices()
    choices.banner = try keys.take("banner")?.listOrText().map { item in
      try item.text().split(separator: ":").map {
        TablePlan.Name(String($0), place: item.place)
      }
    }
    if let filter = keys.take("where") {
      choices.filterPlace = filter.place
      let condition = try filter.text()
      do throws(ExpressionError) {
        choices.filter = try Expression(condition)
      } catch {
        var place = filter.contentPlace.start
        place.column = place.column.map { $0 + error.offset }
        throw TablePlanError.condition(error, place: place)
      }
    }
    if let weight = keys.take("weight") {
      let text = try weight.text()
      choices.weight =
        text == "none" ? .unweighted : .column(.init(text, place: weight.place))
    }
    if let nets = keys.take("nets") {
      if nets.kind == .text, ["codebook", "none"].contains(try nets.text()) {
        choices.usesCodebookNets = try nets.text() == "codebook"
      } else {
        choices.nets = try nets.listOrText().map { try $0.text() }
      }
    }
    choices.mean = try keys.take("mean")?.flag()
    choices.percents = try keys.take("percent")?.listOrText().map {
      try $0.word(among: ["column", "row", "total"])
    }
    if let letters = keys.take("letters") {
      let levels = try letters.listOrText().map { item in
        let level = try item.number()
        guard level > 0, level < 1 else {
          throw TablePlanError.level(try item.text(), place: item.place)
        }
        return level
      }
      guard levels.count <= 2, Set(levels).count == levels.count else {
        throw TablePlanError.level(
          levels.map { shortestText($0) }.joined(separator: ", "), place: letters.place)
      }
      choices.letters = levels
    }
    choices.chart = try keys.take("chart")?.flag()
    choices.order = try keys.take("order")?.word(of: TablePlan.Order.self)
    return choices
  }
}

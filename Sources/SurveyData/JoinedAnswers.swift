/// Several answers in one cell, as `1,3,4`.
extension CategoricalColumn {
  /// Of each category the codes in it; none of one that is missing.
  package func answers(separatedBy separator: String) -> [Set<String>] {
    categories.map { $0.missing == nil ? Set($0.code.parts(separatedBy: separator)) : [] }
  }
}

/// The codes that are listed, then the others by number or by text.
package func allCodes(_ listed: [String], in answers: [Set<String>]) -> [String] {
  let found = answers.reduce(into: Set<String>()) { $0.formUnion($1) }
  return listed + found.subtracting(listed).sorted(by: isBefore)
}

extension String {
  /// The parts between separators, surrounding space removed, empty ones left out.
  fileprivate func parts(separatedBy separator: String) -> [String] {
    split(separator: separator).map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
  }
}

/// Codes by number where both are numbers, else by text.
private func isBefore(_ a: String, _ b: String) -> Bool {
  if let a = decimalNumber(a), let b = decimalNumber(b) { return a < b }
  return a < b
}

import SurveyData

/// The names of a dataset's columns as SPSS or Stata allow them; a name that is allowed stays.
func legalNames(_ names: [String], for target: LabelledTarget) -> [String] {
  var taken: Set<String> = []
  // Names that may stay have the first right to themselves.
  let legal = names.map { legalName($0, for: target) }
  for (name, changed) in zip(names, legal) where name == changed { taken.insert(key(name, target)) }
  var given: Set<String> = []
  return zip(names, legal).map { name, changed in
    if name == changed, given.insert(key(name, target)).inserted { return name }
    var candidate = changed
    var number = 2
    while taken.contains(key(candidate, target)) || given.contains(key(candidate, target)) {
      let tail = "_\(number)"
      candidate = shortened(changed, to: target, sparing: tail.count) + tail
      number += 1
    }
    given.insert(key(candidate, target))
    return candidate
  }
}

/// SPSS takes capitals for small letters.
private func key(_ name: String, _ target: LabelledTarget) -> String {
  target.isStata ? name : name.lowercased()
}

private func legalName(_ name: String, for target: LabelledTarget) -> String {
  let marks: Set<Character> = target.isStata ? ["_"] : ["_", ".", "@", "#", "$"]
  var result = ""
  for character in name {
    let isFine =
      character.isLetter || character.isASCII && character.isNumber || marks.contains(character)
    if isFine {
      result.append(character)
    } else if !result.isEmpty, result.last != "_" {
      result.append("_")
    }
  }
  let first = result.first
  let startsWell =
    first.map { $0.isLetter || (target.isStata ? $0 == "_" : $0 == "@") } ?? false
  if !startsWell { result = "v" + (result.first == "_" || result.isEmpty ? "" : "_") + result }
  while result.count > 1, result.last == "_" || result.last == ".", result != name {
    result.removeLast()
  }
  while result.count > 1, result.last == "." { result.removeLast() }
  result = shortened(result, to: target, sparing: 0)
  let reserved = target.isStata ? stataWords : spssWords
  if reserved.contains(target.isStata ? result : result.uppercased()) || isStringType(result) {
    result += "_"
  }
  return result

  /// `str20` is a type in Stata.
  func isStringType(_ name: String) -> Bool {
    target.isStata && name.hasPrefix("str") && name.count > 3
      && name.dropFirst(3).allSatisfy { $0.isASCII && $0.isNumber }
  }
}

/// SPSS has room for 64 bytes, Stata for 32 characters; ReadStat counts bytes in both.
private func shortened(_ name: String, to target: LabelledTarget, sparing: Int) -> String {
  var name = name
  while name.utf8.count > (target.isStata ? 32 : 64) - sparing { name.removeLast() }
  return name
}

private let spssWords: Set<String> = [
  "ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH",
]

private let stataWords: Set<String> = [
  "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_N",
  "_pi", "_pred", "_rc", "_skip", "strL", "using", "with",
]

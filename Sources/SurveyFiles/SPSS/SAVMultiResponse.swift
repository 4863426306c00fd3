import SurveyData

/// Reads the multiple-response sets of an SPSS file, one a line:
///
///     $any=D1 1 25 What have you been exposed to q1_1 q1_2 q1_3
///     $topic=C 6 Topics t1 t2
///     $labels=E 11 3 Yes 5 Label q1_1 q1_2
///
/// `C` is a set of categories; `D` and `E` are dichotomies with the value that means "chosen" as
/// a text that its length stands before. Variables are named by their short names, in any case.
struct SAVMultiResponse {
  private let names: [String: String]
  private let taken: Set<String>

  init(_ entries: [SAVDictionary.Entry]) {
    var names: [String: String] = [:]
    for entry in entries { names[entry.variable.name.uppercased()] = entry.variable.name }
    for entry in entries { names[entry.shortName.uppercased()] = entry.variable.name }
    self.names = names
    taken = Set(entries.map(\.variable.name))
  }

  /// The sets that make sense; a line that does not, or a variable that is not there, is left out.
  func sets(_ bytes: [UInt8], _ decoder: TextDecoder) -> [MultiResponseSet] {
    var result: [MultiResponseSet] = []
    for line in bytes.split(separator: lineFeed) {
      guard let set = set(line, decoder) else { continue }
      // Newer files repeat a set in the newer record.
      result.removeAll { $0.name == set.name }
      result.append(set)
    }
    return result
  }

  private func set(_ line: ArraySlice<UInt8>, _ decoder: TextDecoder) -> MultiResponseSet? {
    guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
    var rest = line[(equals + 1)...]
    var selected = "1"
    var coding = MultiResponseSet.Coding.dichotomies
    guard let kind = rest.popFirst() else { return nil }
    switch kind {
    case UInt8(ascii: "C"): coding = .categories
    case UInt8(ascii: "D"):
      guard let value = counted(&rest) else { return nil }
      selected = decoder.text(value)
    case UInt8(ascii: "E"):
      // A flag comes first: 11 where the set's label is that of its first variable.
      guard rest.popFirst() == space, number(&rest) != nil, rest.popFirst() == space,
        let value = counted(&rest)
      else { return nil }
      selected = decoder.text(value)
    default: return nil
    }
    guard rest.popFirst() == space, let label = counted(&rest) else { return nil }
    var columns: [String] = []
    for name in rest.split(separator: space) {
      if let column = names[decoder.text(name).uppercased()], !columns.contains(column) {
        columns.append(column)
      }
    }
    guard !columns.isEmpty else { return nil }
    let text = decoder.text(label)
    var set = MultiResponseSet(
      name: name(decoder.text(line[..<equals])), columns: columns,
      label: text.isEmpty ? LocalizedText() : LocalizedText(text), selected: selected)
    set.coding = coding
    return set
  }

  /// The name without SPSS' dollar sign, which a shell would take for its own; kept where a
  /// variable has the name.
  private func name(_ name: String) -> String {
    let plain = String(name.drop { $0 == "$" })
    return plain.isEmpty || taken.contains(plain) ? name : plain
  }

  /// A number, a blank, and then that many bytes.
  private func counted(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let count = number(&rest), rest.popFirst() == space, count <= rest.count else {
      return nil
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

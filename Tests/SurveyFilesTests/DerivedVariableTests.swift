import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("Derived variables")
struct DerivedVariableTests {
  private static let yaml = """
    survey: A
    data: [answers.csv]
    variables:
      a: {categories: [1, 2], missing: {8: dontKnow, 9: refused}}
      b: {categories: [1, 2], missing: {8: dontKnow, 9: refused}}
      c: {categories: [1, 2], missing: {8: dontKnow, 9: refused}}
      n: {type: numeric, missing: {99: refused}}
    """

  private func derived(_ rule: String, _ text: String) throws -> Dataset {
    try survey(Self.yaml + "\nderived:\n  d: \(rule)\n").dataset(from: [dataset(text)])
  }

  @Test("any: true if any is true, missing if none is true and any is missing")
  func any() throws {
    let data = try derived(
      "{any: [a == 1, b == 1], label: X, categories: {1: Yes, 0: No}}",
      "a,b,c,n\n1,2,1,1\n1,8,1,1\n2,2,1,1\n2,8,1,1\n8,8,1,1\n8,9,1,1\n,2,1,1\n")
    #expect(
      try data.shown("d")
        == ["1", "1", "0", "(dontKnow)", "(dontKnow)", "(unspecified)", "(noAnswer)"])
    #expect(data.codebook.label(of: "0", in: "d", language: .da) == "No")
    #expect(data.codebook.label(of: "dontKnow", in: "d", language: .da) == "ved ikke")
    #expect(data.codebook.label(of: "d", language: .da) == "X")
  }

  @Test("all: false if any is false, missing if none is false and any is missing")
  func all() throws {
    let data = try derived(
      "{all: [a == 1, b == 1]}",
      "a,b,c,n\n1,1,1,1\n1,2,1,1\n2,9,1,1\n1,9,1,1\n9,9,1,1\n")
    #expect(try data.shown("d") == ["1", "0", "0", "(refused)", "(refused)"])
  }

  @Test("count: missing if any part is missing, whatever the others")
  func count() throws {
    let data = try derived(
      "{count: [a == 1, b == 1, 'n >= 10']}",
      "a,b,c,n\n1,1,1,10\n1,2,1,9\n2,2,1,0\n1,1,1,99\n8,1,1,10\n8,1,1,99\n")
    #expect(
      try data.shown("d") == ["3", "1", "0", "(refused)", "(dontKnow)", "(unspecified)"])
    #expect(try data.categories("d").categories.prefix(4).map(\.code) == ["0", "1", "2", "3"])
  }

  @Test("bands: the lower bound belongs to the band, codes ascend from 1")
  func bands() throws {
    let data = try derived(
      "{bands: {of: n, cuts: [30, 45.5]}}",
      "a,b,c,n\n1,1,1,29.9\n1,1,1,30\n1,1,1,45.4\n1,1,1,45.5\n1,1,1,99\n1,1,1,\n1,1,1,-1\n")
    #expect(try data.shown("d") == ["1", "2", "2", "3", "(refused)", "(noAnswer)", "1"])
  }

  @Test("recode: missing codes keep their reason, unless the map names them or makes one")
  func recode() throws {
    let data = try derived(
      """
      {recode: {of: a, map: {1: 7, 2: 9, 8: 7}}, categories: {7: A}, missing: {9: notApplicable}}
      """,
      "a,b,c,n\n1,1,1,1\n2,1,1,1\n8,1,1,1\n9,1,1,1\n,1,1,1\n")
    #expect(
      try data.shown("d") == ["7", "(notApplicable)", "7", "(refused)", "(noAnswer)"])
  }

  @Test("a derived variable may be made from others, in any order, also by label")
  func nested() throws {
    let data = try survey(
      Self.yaml + """

        derived:
          d: {all: ['e == "Ja"', 'f in (2, 3)']}
          f: {bands: {of: n, cuts: [10, 20]}}
          e: {any: [a == 1], categories: {1: Ja, 0: Nej}}
        """
    ).dataset(from: [dataset("a,b,c,n\n1,1,1,10\n1,1,1,9\n2,1,1,30\n9,1,1,30\n")])
    #expect(try data.shown("d") == ["1", "0", "0", "(refused)"])
  }

  @Test(
    "a slow evaluation, row by row, agrees", arguments: Array(UInt64(0)..<60))
  func slowReference(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let answers = ["1", "2", "8", "9", ""]
    let rows = (0..<random.integer(in: 1...80)).map { _ in
      (0..<3).map { _ in answers[random.integer(in: 0...4)] }
    }
    let terms = (0..<random.integer(in: 1...4)).map { _ in
      (0..<random.integer(in: 1...2)).map { _ in
        (column: random.integer(in: 0...2), code: random.integer(in: 1...2))
      }
    }
    let conditions = terms.map { term in
      "'" + term.map { "\(["a", "b", "c"][$0.column]) == \($0.code)" }.joined(separator: " and ")
        + "'"
    }.joined(separator: ", ")
    let text = "a,b,c,n\n" + rows.map { $0.joined(separator: ",") + ",1\n" }.joined()
    for kind in ["any", "all", "count"] {
      let shown = try derived("{\(kind): [\(conditions)]}", text).shown("d")
      for (row, cells) in rows.enumerated() {
        let expected = slow(kind, terms, cells)
        #expect(
          expected.map { $0 == shown[row] } ?? shown[row].hasPrefix("("),
          "\(kind) of \(conditions) for \(cells): \(shown[row])")
      }
    }
  }

  /// The code by the definition, one truth value at a time; `nil` is missing.
  private func slow(
    _ kind: String, _ terms: [[(column: Int, code: Int)]], _ cells: [String]
  ) -> String? {
    let truths: [Bool?] = terms.map { term in
      let parts: [Bool?] = term.map { part in
        ["1", "2"].contains(cells[part.column]) ? cells[part.column] == String(part.code) : nil
      }
      return parts.contains(false) ? false : parts.contains(nil) ? nil : true
    }
    switch kind {
    case "any": return truths.contains(true) ? "1" : truths.contains(nil) ? nil : "0"
    case "all": return truths.contains(false) ? "0" : truths.contains(nil) ? nil : "1"
    default: return truths.contains(nil) ? nil : String(truths.count { $0 == true })
    }
  }
}

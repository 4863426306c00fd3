import SurveyData
import SurveyFiles
import Testing

/// The formats of a round trip, as a mask.
struct Formats: OptionSet {
  let rawValue: Int
  static let csv = Formats(rawValue: 1)
  static let store = Formats(rawValue: 2)
  static let sav = Formats(rawValue: 4)
  static let zsav = Formats(rawValue: 8)
  static let dta = Formats(rawValue: 16)
  static let spss: Formats = [.sav, .zsav]
  static let labelled: Formats = [.store, .sav, .zsav]
  static let all: Formats = [.csv, .store, .sav, .zsav, .dta]

  var each: [WritableFormat] {
    let pairs: [(Formats, WritableFormat)] = [
      (.csv, .csv), (.store, .store), (.sav, .sav), (.zsav, .zsav), (.dta, .dta),
    ]
    return pairs.filter { contains($0.0) }.map(\.1)
  }
}

/// A small dataset and the formats that give it back as it is.
struct RoundTrip: CustomTestStringConvertible {
  let name: String
  let formats: Formats
  let dataset: Dataset
  /// Whether ReadStat's reader is asked, too.
  let hasOracle: Bool

  var testDescription: String { name }

  init(
    _ name: String, _ formats: Formats, _ columns: [Column], labels: [Variable] = [],
    hasOracle: Bool = true
  ) {
    self.hasOracle = hasOracle
    self.name = name
    self.formats = formats
    dataset = Dataset(
      rowCount: columns[0].rowCount, columns: columns,
      codebook: Codebook(
        variables: Dictionary(uniqueKeysWithValues: labels.map { ($0.name, $0) })))
  }

  static let all: [RoundTrip] = [
    RoundTrip("whole numbers as codes", .all, [codes("q1", ["1", "2", "5"], [0, 2, 1, 1, 0])]),
    RoundTrip("an empty cell", .all, [codes("q1", ["1", "2"], [0, 2, 1], [("", .noAnswer)])]),
    RoundTrip(
      "codes that are no plain numbers", .all, [codes("q1", ["0101", "0202", "A1"], [2, 1, 0])]),
    RoundTrip("decimals as codes", .all, [codes("q1", ["-1.5", "0.25", "3"], [2, 1, 0])]),
    RoundTrip(
      "Danish texts", .all,
      [codes("town", ["København", "Ærø, \"øen\"", "Aarhus"].sorted(by: bytewise), [0, 1, 2, 1])]),
    RoundTrip(
      "texts of 8, 9, 255, 256 and 2,000 bytes", .all,
      [8, 9, 255, 256, 2000].map { width in
        codes(
          "t\(width)", [String(repeating: "a", count: width), "b"], [0, 1, 0, 2],
          [("", .noAnswer)])
      }),
    // The most that SPSS has room for. ReadStat 1.1.8 reads it otherwise and is no oracle here;
    // pyreadstat 1.3.7 reads what we do.
    RoundTrip(
      "texts of 32,767 bytes, where ReadStat 1.1.8 is no oracle", [.csv, .store, .sav, .zsav],
      [codes("t", [String(repeating: "æø", count: 8191) + "abc", "b"], [1, 0])],
      hasOracle: false),
    RoundTrip(
      "days", .all, [codes("dag", ["1899-12-31", "2022-05-02", "2024-02-29"], [2, 0, 1, 1])]),
    RoundTrip(
      "instants", .all,
      [codes("tid", ["2022-05-02T00:00:00", "2022-05-02T13:45:59"], [1, 0])]),
    RoundTrip("times of day", .all, [codes("kl", ["00:00:00", "23:59:59"], [1, 0])]),
    RoundTrip("numbers", .all, [numbers("vægt", 300)]),
    RoundTrip(
      "names that SPSS allows", [.csv, .store, .sav, .zsav],
      [codes("q1.a", ["1"], [0, 0]), codes("@x", ["2"], [0, 0])]),
    RoundTrip(
      "labels", [.store, .sav, .zsav, .dta], [codes("q1", ["1", "2", "5"], [0, 2, 1])],
      labels: [
        variable(
          "q1", "Har du tillid?",
          [("1", "Ja", nil), ("2", "Nej – aldrig", nil), ("5", "Både/og", nil)])
      ]),
    RoundTrip(
      "labels of texts", .labelled, [codes("q1", ["langt svar", "n"], [0, 1, 1])],
      labels: [variable("q1", "", [("langt svar", "Det lange", nil), ("n", "Nej", nil)])]),
    RoundTrip(
      "a label that nobody chose", .labelled, [codes("q1", ["1", "2", "3"], [0, 2, 0])],
      labels: [variable("q1", "", [("1", "Ja", nil), ("2", "Måske", nil), ("3", "Nej", nil)])]),
    RoundTrip(
      "missing codes with reasons", .labelled,
      [
        codes(
          "q1", ["1", "2"], [0, 1, 2, 3, 4, 5],
          [("8", .dontKnow), ("9", .unspecified), ("97", .refused), ("", .noAnswer)])
      ],
      labels: [
        variable(
          "q1", "",
          [
            ("1", "Ja", nil), ("8", "Ved ikke", .dontKnow), ("9", "", .unspecified),
            ("97", "Ønsker ikke at svare", .refused),
          ])
      ]),
    RoundTrip(
      "more missing codes than three", .labelled,
      [
        codes(
          "q1", ["1", "2"], [0, 1, 2, 3, 4, 5, 6],
          [
            ("6", .unspecified), ("7", .unspecified), ("8", .dontKnow), ("9", .refused),
            ("99", .unspecified),
          ])
      ],
      labels: [
        variable("q1", "", [("8", "Ved ikke", .dontKnow), ("9", "Vil ikke svare", .refused)])
      ]),
    RoundTrip(
      "missing texts", .labelled,
      [
        codes(
          "q1", ["ja", "nej"], [0, 1, 2, 3, 4],
          [("", .noAnswer), ("vi", .dontKnow), ("x", .unspecified)])
      ],
      labels: [variable("q1", "", [("vi", "Ved ikke", .dontKnow)])]),
    RoundTrip(
      "Stata's letters", [.store, .dta],
      [codes("q1", ["1", "2"], [0, 1, 2, 3], [(".a", .dontKnow), (".z", .unspecified)])],
      labels: [
        variable(
          "q1", "", [("1", "Ja", nil), (".a", "Ved ikke", .dontKnow), (".z", "", .unspecified)])
      ]),
    RoundTrip(
      "missing numbers with codes", .labelled,
      [numbers("tal", 300, missing: [("-1", .dontKnow), ("-2", .unspecified)])],
      labels: [variable("tal", "", [("-1", "Ved ikke", .dontKnow), ("-2", "", .unspecified)])]),
    RoundTrip(
      "one column with empty cells", .all, [codes("q1", ["1"], [1, 0, 1], [("", .noAnswer)])]),
    RoundTrip(
      "a row of nothing but empty cells", .all,
      [
        codes("a", ["1"], [1, 0], [("", .noAnswer)]), codes("b", ["1"], [1, 0], [("", .noAnswer)]),
      ]),
    RoundTrip(
      "measurement levels", .labelled,
      [codes("a", ["1", "2"], [0, 1]), codes("b", ["1", "2"], [1, 1])],
      labels: [variable("a", "A", [], .ordinal), variable("b", "B", [], .scale)]),
    // The other readers refuse a file without answers, with a sentence.
    RoundTrip("no row", .store, [codes("q1", [], []), codes("q2", [], [])]),
    RoundTrip("one row", .all, [codes("q1", ["3"], [0]), numbers("tal", 1)]),
    RoundTrip(
      "300 categories", .all,
      [codes("kommune", (1...300).map { "\($0)" }, (0..<900).map { $0 * 7 % 300 })]),
    RoundTrip(
      "300 labels", [.store, .sav, .zsav, .dta],
      [codes("kommune", (101...400).map { "\($0)" }, (0..<900).map { $0 * 7 % 300 })],
      labels: [
        variable("kommune", "Kommune", (101...400).map { ("\($0)", "Kommune nr. \($0)", nil) })
      ]),
    RoundTrip(
      "columns in an order of their own", .all,
      ["z", "a", "m", "B", "æ", "q10", "q9"].map { codes($0, ["1", "2"], [1, 0, 1]) }),
    RoundTrip(
      "names of 32 and 64 bytes", [.csv, .store, .sav, .zsav],
      [
        codes(String(repeating: "a", count: 32), ["1"], [0]),
        codes(String(repeating: "b", count: 64), ["1"], [0]),
        codes(String(repeating: "b", count: 63) + "c", ["1"], [0]),
        codes(String(repeating: "æ", count: 32), ["1"], [0]),
      ]),
    RoundTrip("a name of 32 bytes", .all, [codes(String(repeating: "a", count: 32), ["1"], [0])]),
    RoundTrip(
      "labels of 120 bytes, the most that SPSS has room for", [.store, .sav, .zsav, .dta],
      [codes("q1", ["1", "2"], [0, 1])],
      labels: [
        variable(
          "q1", String(repeating: "Æøå ", count: 11) + "?",
          [
            ("1", String(repeating: "Blåbærgrød ", count: 8) + "Blåbær", nil),
            ("2", String(repeating: "é", count: 60), nil),
          ])
      ]),
    RoundTrip(
      "a variable's label of 239 bytes", .labelled, [codes("q1", ["1", "2"], [0, 1])],
      labels: [variable("q1", String(repeating: "Tillid æøå ", count: 17) + "?", [])]),
    RoundTrip(
      "three missing codes, the most that SPSS has room for", .labelled,
      [
        codes(
          "q1", ["1", "2", "50"], [0, 1, 2, 3, 4, 5],
          [("-9", .notAsked), ("8", .dontKnow), ("99", .refused)])
      ],
      labels: [
        variable(
          "q1", "",
          [
            ("-9", "Ikke spurgt", .notAsked), ("8", "Ved ikke", .dontKnow),
            ("99", "Ønsker ikke at svare", .refused),
          ])
      ]),
    RoundTrip(
      "a range of missing codes and one beside it", .labelled,
      [
        codes(
          "q1", ["1", "2"], [0, 1, 2, 3, 4, 5, 1],
          [("-1", .unspecified), ("97", .unspecified), ("98", .dontKnow), ("99", .refused)])
      ],
      labels: [
        variable("q1", "", [("98", "Ved ikke", .dontKnow), ("99", "Vil ikke svare", .refused)])
      ]),
    RoundTrip(
      "days with empty cells", .all,
      [codes("dag", ["1582-10-15", "2022-05-02"], [2, 0, 1, 2], [("", .noAnswer)])]),
    RoundTrip(
      "texts that look like numbers", .all,
      [codes("t", ["007", "1e5", "3"].sorted(by: bytewise), [0, 1, 2])]),
    RoundTrip(
      "texts with marks and line breaks", .all,
      [codes("t", ["a\nb", "c;d,e", "\"f\" 'g'", "=1+1"].sorted(by: bytewise), [3, 1, 2, 0])]),
    RoundTrip(
      "the largest and the least numbers, and -0", [.store, .sav, .zsav],
      [numbers("x", [0.1, -0.0, 1e300, -1e300, 5e-324, 2.5e-308, .pi, -1, 9_007_199_254_740_992])]),
    RoundTrip("numbers with empty cells", .all, [numbers("x", [1.25, .nan, -3.5, .nan, 1e9])]),
    RoundTrip(
      "a weight beside answers", .all,
      [
        numbers("vægt", (0..<40).map { 0.1 + Double($0) / 3 }),
        codes("q1", ["1", "2"], (0..<40).map { $0 % 2 }),
      ]),
  ]

  private static func bytewise(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }

  static func codes(
    _ name: String, _ valid: [String], _ indices: [Int],
    _ missing: [(String, MissingReason)] = []
  ) -> Column {
    Column(
      name: name,
      values: .categorical(
        CategoricalColumn(
          categories: valid.map { .init(code: $0) }
            + missing.map { .init(code: $0.0, missing: $0.1) },
          indices: indices)))
  }

  static func numbers(
    _ name: String, _ count: Int, missing: [(String, MissingReason)] = []
  ) -> Column {
    var values = (0..<count).map { Double($0) * 1.1 + 1e-3 }
    var flags = [UInt8](repeating: 0, count: count)
    for index in missing.indices {
      values[index * 7] = .nan
      flags[index * 7] = UInt8(index + 1)
    }
    return Column(
      name: name,
      values: .numeric(
        NumericColumn(
          bytes: Bytes(values), reasons: missing.isEmpty ? nil : Bytes(flags),
          missing: missing.map { .init(code: $0.0, missing: $0.1) })))
  }

  static func numbers(_ name: String, _ values: [Double]) -> Column {
    Column(name: name, values: .numeric(NumericColumn(bytes: Bytes(values))))
  }

  static func variable(
    _ name: String, _ label: String, _ categories: [(String, String, MissingReason?)],
    _ measurement: Variable.Measurement? = nil
  ) -> Variable {
    var variable = Variable(
      name: name, label: label.isEmpty ? LocalizedText() : LocalizedText(label),
      categories: categories.map {
        LabelledCategory(
          code: $0.0, label: $0.1.isEmpty ? LocalizedText() : LocalizedText($0.1), missing: $0.2)
      })
    variable.measurement = measurement
    return variable
  }
}

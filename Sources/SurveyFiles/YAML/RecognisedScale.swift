import SurveyData

/// A scale that labels make plain: the usual sets of answers, Danish and English, in their order.
struct RecognisedScale {
  let name: String
  /// The labels of each step, in lower case, the highest step first.
  let steps: [Set<String>]
  /// A net's name to its steps.
  let nets: [(name: String, steps: [Int])]

  /// The scale whose steps the labels are, each at most once and at least three of them, with the
  /// step of each label; `nil` where there is none.
  static func recognising(_ labels: [String]) -> (scale: RecognisedScale, steps: [Int])? {
    guard labels.count >= 3 else { return nil }
    let words = labels.map(normalised)
    for scale in all {
      let steps = words.map { word in scale.steps.firstIndex { $0.contains(word) } }
      let found = steps.compactMap { $0 }
      if found.count == labels.count, Set(found).count == found.count,
        labels.count * 2 > scale.steps.count
      {
        return (scale, found)
      }
    }
    return nil
  }

  /// Lower case, one blank between words, no number or mark before them (`1. Ofte`, `Ofte (2)`).
  private static func normalised(_ label: String) -> String {
    var words = label.lowercased().split { $0.isWhitespace }.map(String.init)
    if let first = words.first, words.count > 1, first.allSatisfy({ !$0.isLetter }) {
      words.removeFirst()
    }
    if let last = words.last, words.count > 1, last.hasPrefix("("),
      Int(last.dropFirst().dropLast()) != nil
    {
      words.removeLast()
    }
    var text = words.joined(separator: " ")
    while text.hasSuffix(".") { text.removeLast() }
    return text
  }

  private init(_ name: String, _ steps: [Set<String>], _ nets: [(name: String, steps: [Int])]) {
    self.name = name
    self.steps = steps
    self.nets = nets
  }

  private static let all: [RecognisedScale] = [
    RecognisedScale(
      "degree5",
      [
        [
          "i meget høj grad", "to a very high degree", "to a very great extent",
          "to a very large extent",
        ],
        ["i høj grad", "to a high degree", "to a great extent", "to a large extent"],
        [
          "i nogen grad", "delvist", "delvis", "til dels", "to some degree", "to some extent",
          "somewhat",
        ],
        ["i ringe grad", "i lav grad", "i mindre grad", "to a low degree", "to a small extent"],
        [
          "i meget ringe grad", "i meget lav grad", "slet ikke", "to a very low degree",
          "to a very small extent", "not at all",
        ],
      ], [("high", [0, 1]), ("low", [3, 4])]),
    RecognisedScale(
      "degree6",
      [
        ["i meget høj grad", "to a very high degree"], ["i høj grad", "to a high degree"],
        ["i nogen grad", "to some degree"], ["i mindre grad", "to a lesser degree"],
        ["i ringe grad", "i lav grad", "to a low degree"],
        ["i meget ringe grad", "i meget lav grad", "slet ikke", "not at all"],
      ], [("high", [0, 1]), ("low", [4, 5])]),
    RecognisedScale(
      "frequency5",
      [
        ["altid", "always"], ["ofte", "often"],
        ["sommetider", "somme tider", "nogle gange", "af og til", "sometimes"],
        ["sjældent", "seldom", "rarely"],
        [
          "aldrig", "aldrig/næsten aldrig", "aldrig (næsten aldrig)", "næsten aldrig", "never",
          "never/hardly ever",
        ],
      ], [("often", [0, 1])]),
    RecognisedScale(
      "time5",
      [
        ["hele tiden", "all the time"], ["ofte", "often"],
        ["sommetider", "somme tider", "sometimes"], ["sjældent", "rarely", "seldom"],
        ["på intet tidspunkt", "at no time"],
      ], [("often", [0, 1])]),
    RecognisedScale(
      "time_share6",
      [
        ["næsten hele tiden", "almost all the time"],
        ["ca. 3/4 af tiden", "ca. 3/4", "about 3/4 of the time"],
        ["ca. 1/2 af tiden", "ca. 1/2", "about half of the time"],
        ["ca. 1/4 af tiden", "ca. 1/4", "about 1/4 of the time"],
        ["sjældent, meget lidt", "sjældent/meget lidt", "rarely, very little"],
        ["aldrig", "never"],
      ], [("exposed", [0, 1, 2, 3])]),
    RecognisedScale(
      "who5",
      [
        ["hele tiden", "all of the time"], ["det meste af tiden", "most of the time"],
        ["lidt mere end halvdelen af tiden", "more than half of the time"],
        ["lidt mindre end halvdelen af tiden", "less than half of the time"],
        ["lidt af tiden", "some of the time"], ["på intet tidspunkt", "at no time"],
      ], []),
    RecognisedScale(
      "agree5",
      [
        ["helt enig", "meget enig", "strongly agree"],
        ["enig", "delvist enig", "delvis enig", "overvejende enig", "agree", "somewhat agree"],
        [
          "hverken enig eller uenig", "hverken/eller", "neither agree nor disagree",
          "neither agree or disagree",
        ],
        [
          "uenig", "delvist uenig", "delvis uenig", "overvejende uenig", "disagree",
          "somewhat disagree",
        ],
        ["helt uenig", "meget uenig", "strongly disagree"],
      ], [("agree", [0, 1]), ("disagree", [3, 4])]),
    RecognisedScale(
      "satisfied5",
      [
        ["meget tilfreds", "very satisfied"], ["tilfreds", "satisfied"],
        [
          "hverken-eller", "hverken/eller", "hverken tilfreds eller utilfreds",
          "neither satisfied nor dissatisfied",
        ],
        ["utilfreds", "dissatisfied", "unsatisfied"],
        ["meget utilfreds", "very dissatisfied", "very unsatisfied"],
      ], [("satisfied", [0, 1]), ("dissatisfied", [3, 4])]),
  ]
}

import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("Waves that asked otherwise, and guidelines")
struct WaveHarmonisationTests {
  private static let head =
    "survey: A\ndata: [{file: a.csv, wave: 2014}, {file: b.csv, wave: 2019}]\nvariables:\n"

  @Test("old columns and codes become new ones; a wave that cannot be compared was not asked")
  func harmonised() throws {
    let file = try survey(
      Self.head + """
          high:
            categories: {1: Ja, 2: Nej}
            missing: {8: dontKnow}
            waves: {2014: {source: for_hoejt, codes: {J: 1, N: 2, V: 8}, wording: Er det for meget?}}
          score: {type: numeric, waves: {2014: {codes: {1: 0, 2: 50, 3: 100}}}}
          mood: {waves: {2014: not comparable}}
        """)
    let data = try file.dataset(from: [
      dataset("for_hoejt,score,mood\nJ,1,5\nV,3,6\n,2,7\n", path: "a.csv"),
      dataset("high,score,mood\n2,50,1\n8,100,2\n", path: "b.csv"),
    ])
    #expect(data.columns.map(\.name) == ["score", "mood", "high", "wave"])
    #expect(try data.shown("high") == ["1", "(dontKnow)", "(noAnswer)", "2", "(dontKnow)"])
    #expect(try data.shown("score") == ["0", "100", "50", "50", "100"])
    #expect(
      try data.shown("mood") == ["(notAsked)", "(notAsked)", "(notAsked)", "1", "2"])
    #expect(
      data.codebook.variables["high"]?.waveWordings["2014"]?[.da] == "Er det for meget?")
  }

  @Test("a code without an entry, an unknown wave and another word are told with their line")
  func faults() {
    let parts = [
      dataset("q\nJ\nX\n", path: "a.csv"), dataset("q\n1\n", path: "b.csv"),
    ]
    let unmapped = message(
      Self.head + "  q: {waves: {2014: {codes: {J: 1}}}}", parts[0], parts[1])
    #expect(unmapped.contains("survey.yaml:4") && unmapped.contains("no entry for the code 'X'"))
    #expect(unmapped.contains("a.csv:3"))
    #expect(
      message(Self.head + "  q: {waves: {2015: not comparable}}").contains(
        "speaks of the wave '2015'"))
    #expect(message(Self.head + "  q: {waves: {2014: new}}").contains("not comparable"))
  }

  @Test("a guideline's limits and times are in order")
  func guidelines() throws {
    let head = "survey: A\ndata: [a.csv]\nguidelines:\n"
    let file = try survey(
      head
        + "  g: {item: x, versions: [{until: 2019, low: 25, high: 35}, {from: 2020, low: 20, high: 30}]}"
    )
    let guideline = try #require(file.guidelines.first)
    #expect(guideline.versions.map { $0.holds(at: 2019) } == [true, false])
    #expect(
      message(head + "  g: {item: x, versions: [{low: 35, high: 25}]}").contains("smaller limit"))
    #expect(
      message(head + "  g: {item: x, versions: [{low: 1, high: 2}, {from: 3, low: 1, high: 2}]}")
        .contains("same time"))
  }
}

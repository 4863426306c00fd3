import SurveyData
import SurveyReports
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

@Suite("Press figures of the synthetic jobcentre poll")
struct PressFigureTests {
  /// A claim of the 2022 poll as it was published, with the range of percentages that bears it.
  struct Claim: Sendable, CustomTestStringConvertible {
    let item: String
    let net: String
    let range: ClosedRange<Double>
    /// What the limits of the interval must keep to, where the wording needs it.
    var lowerLimitAbove: Double?
    let quotation: String

    var testDescription: String { quotation }
  }

  static let claims = [
    Claim(
      item: "trust_politicians", net: "high", range: 3.25...3.35,
      quotation: "blot 3,3 procent … at politikerne har tillid til deres faglighed"),
    Claim(
      item: "cooperation_health", net: "high", range: 40.1...43,
      quotation: "kun lidt over 40 procent … samarbejder med sundhedsområdet"),
    Claim(
      item: "told_to_use_or_avoid", net: "1", range: 50...100, lowerLimitAbove: 50,
      quotation: "flere end halvdelen … bruge eller undgå bestemte indsatser"),
    Claim(
      item: "economy_over_professionalism", net: "economy", range: 43.5...44.5,
      quotation: "44 procent … økonomiske hensyn"),
    Claim(
      item: "targets_placement", net: "1", range: 50.5...53,
      quotation: "lidt over halvdelen … måltal for virksomhedspraktik"),
    Claim(
      item: "follow_up", net: "1", range: 55.5...56.5, quotation: "56 procent … ledelsen følger op"),
    Claim(
      item: "too_long_clarify", net: "agree", range: 80...85, lowerLimitAbove: 80,
      quotation: "flere end fire ud af fem … for lang tid"),
    Claim(
      item: "team_decides", net: "1", range: 18.5...21.5,
      quotation: "kun hver femte … at teamet har kompetence"),
  ]

  @Test("each quantified claim of the 2022 poll comes out", arguments: claims)
  func claim(_ claim: Claim) throws {
    let estimate = try JobcenterPoll().figure(claim.item, claim.net).share.estimate
    let percent = try #require(estimate.value) * 100
    #expect(claim.range.contains(percent), "\(percent)")
    if let limit = claim.lowerLimitAbove {
      #expect(try #require(estimate.interval).low * 100 > limit)
    }
  }

  @Test("the first claim is the sentence that was quoted, in both languages")
  func sentence() throws {
    let figure = try JobcenterPoll().figure("trust_politicians", "high")
    let danish = PressWords(figure, in: NumberFormat(language: .da))
    #expect(
      danish.sentence == """
        3,3 procent af de (opdigtede) socialrådgivere i jobcentrene oplever i meget høj eller i høj \
        grad, at politikerne på Christiansborg har tillid til deres faglighed.
        """)
    #expect(
      danish.uncertainty
        == "Statistisk usikkerhed: mellem 2,1 og 5,2 procent (95 % sikkerhedsinterval).")
    #expect(danish.base == "585 har svaret på spørgsmålet (uvægtet antal; andelen er vægtet).")
    #expect(danish.facts.contains { $0.contains("2.–20. maj 2022") })
    #expect(danish.facts.contains { $0.contains("3.100 inviteret") })
    #expect(danish.facts.contains { $0.contains("har tillid til din faglighed?«") })
    let english = PressWords(figure, in: NumberFormat(language: .en))
    #expect(english.sentence.hasPrefix("3.3 percent of the (invented) social workers"))
  }

  @Test("an item without a sentence of its own is quoted with its question")
  func quotedQuestion() throws {
    let figure = try JobcenterPoll().figure("stress", "often")
    let sentence = PressWords(figure, in: NumberFormat(language: .da)).sentence
    #expect(sentence.contains("svarer »Hele tiden eller ofte« på spørgsmålet »"))
  }

  @Test("fewer than 200 answers have no decimals")
  func fewRespondents() throws {
    let figure = try JobcenterPoll().figure("follow_up", "1", where: "region == 5")
    #expect(figure.share.estimate.base < 200)
    let sentence = PressWords(figure, in: NumberFormat(language: .da)).sentence
    #expect(sentence.contains("Region: Nordjylland"))
    #expect(!sentence.prefix { $0 != " " }.contains(","))
  }

  @Test("an opt-in sample has the caveat and no margin of error, and speaks of those who answered")
  func optIn() throws {
    let poll = try JobcenterPoll()
    var facts = poll.facts
    facts.fieldwork?.sample = .optIn
    let question = Question(.share(of: NetChoice("1")), of: "follow_up")
    let figure = try poll.survey.figure(answering: question, facts: facts, version: "test")
    let words = PressWords(figure, in: NumberFormat(language: .da))
    #expect(words.sentence.hasPrefix("56 procent af dem, der svarede"))
    #expect(words.uncertainty.contains("ikke angives en statistisk usikkerhed"))
    #expect(!words.uncertainty.contains("51,8"))
    #expect(!figure.svg(in: NumberFormat(language: .da)).contains("sikkerhedsinterval"))
  }

  @Test("the chart has a title, the wording, n and the source, and its text stays inside")
  func chart() throws {
    let figure = try JobcenterPoll().figure("trust_politicians", "high")
    let svg = figure.svg(in: NumberFormat(language: .da))
    for part in [
      "<title>3,3 procent af", "har tillid til din faglighed?«", "585 har svaret", "Kilde: ",
      "(syntetiske data)", ">3,3 %<",
    ] {
      #expect(svg.contains(part), "\(part)")
    }
    #expect(svg.count { $0 == "<" } == svg.count { $0 == ">" })
  }

  @Test("hostile labels are text in the chart")
  func hostileLabels() throws {
    var figure = try JobcenterPoll().figure("trust_politicians", "high")
    figure.statement = nil
    figure.table.question = LocalizedText("<script>alert(\"x\") & \u{0}</script>")
    figure.distribution[0].label = LocalizedText(String(repeating: "Æ\"<&>", count: 60))
    let svg = figure.svg(in: NumberFormat(language: .da))
    #expect(!svg.contains("<script>"))
    #expect(!svg.contains("\u{0}"))
    #expect(svg.contains("&lt;script&gt;"))
  }
}

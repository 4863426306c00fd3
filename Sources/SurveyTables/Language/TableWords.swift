import SurveyData

/// The words around the figures of a table, in one language.
struct TableWords {
  private let language: Language

  init(_ language: Language) { self.language = language }

  func choose(_ da: String, _ en: String) -> String { language == .da ? da : en }

  var nothing: String { "\u{2013}" }
  var group: String { choose("gruppe", "group") }
  var answer: String { choose("svar", "answer") }
  var share: String { choose("andel", "share") }
  var standardErrorOfShare: String { choose("SE (pct.point)", "SE (pp)") }
  var standardError: String { "SE" }
  var probability: String { "p" }

  func statistic(_ name: String) -> String {
    switch name {
    case "mean": choose("gennemsnit", "mean")
    case "total": choose("sum", "total")
    case "ratio": choose("forhold", "ratio")
    case "quantile": choose("fraktil", "quantile")
    default: choose("andel", "share")
    }
  }
  var count: String { choose("antal", "count") }
  var base: String { choose("base", "base") }
  var weightedBase: String { choose("vægtet base", "weighted base") }
  var designEffect: String { choose("deff", "deff") }

  func interval(_ level: Double, _ format: NumberFormat) -> String {
    let percent = format.number(
      level * 100, decimals: level * 100 == (level * 100).rounded() ? 0 : 1)
    return choose("\(percent) % interval", "\(percent)% interval")
  }

  func withheld(_ reason: Suppression) -> String {
    switch reason {
    case .base(let minimum):
      choose("tilbageholdt: under \(minimum) svar", "withheld: fewer than \(minimum) answers")
    case .count(let minimum):
      choose(
        "tilbageholdt: under \(minimum) i eller uden for gruppen",
        "withheld: fewer than \(minimum) in it or outside it")
    case .complementary:
      choose("tilbageholdt: beskytter en anden", "withheld: protects another")
    }
  }

  func rows(_ rows: RowUse, _ format: NumberFormat) -> String {
    if rows.isWithheld {
      return choose(
        "Læst \(format.count(rows.read)) rækker; de øvrige antal er tilbageholdt.",
        "Read \(format.count(rows.read)) rows; the other counts are withheld.")
    }
    var text = choose(
      "Læst \(format.count(rows.read)) rækker, brugt \(format.count(rows.used))",
      "Read \(format.count(rows.read)) rows, used \(format.count(rows.used))")
    let excluded = [
      (rows.outsideDomain, choose("uden for delmængden", "outside the subpopulation")),
      (rows.missing, choose("uden gyldigt svar", "without a valid answer")),
      (rows.withoutWeight, choose("uden vægt", "without a weight")),
      (rows.dropped, choose("taget ud", "dropped")),
      (rows.unreadable, choose("kan ikke læses", "unreadable")),
    ].filter { $0.0 > 0 }
    for (count, reason) in excluded { text += "; \(format.count(count)) \(reason)" }
    return text + "."
  }

  func design(_ design: DesignSummary, _ format: NumberFormat) -> String {
    let weight =
      design.weight.map { choose("vægt \($0)", "weight \($0)") } ?? choose("uvægtet", "unweighted")
    let df = design.degreesOfFreedom
    let degrees = df.isFinite ? format.number(df, decimals: df == df.rounded() ? 0 : 1) : "∞"
    let strata = format.count(design.strata) + (design.strata == 1 ? " stratum, " : " strata, ")
    let replicates =
      design.replicates.map {
        choose(", varians ved replikater: ", ", variance by replicates: ") + $0
      }
      ?? design.margins.map {
        choose(
          ", varians af residualer fra marginerne ", ", variance of residuals from the margins ")
          + $0
      }
      ?? ""
    return choose(
      "Design: \(weight), \(strata)"
        + "\(format.count(design.clusters)) klynger (PSU), \(degrees) frihedsgrader\(replicates).",
      "Design: \(weight), \(strata)"
        + "\(format.count(design.clusters)) PSUs, \(degrees) degrees of freedom\(replicates).")
  }

  func methods(_ methods: [String]) -> String {
    choose("Intervaller: ", "Intervals: ") + methods.joined(separator: ", ") + "."
  }
}

import ArgumentParser
import SurveyData

/// How the sample was drawn.
struct DesignOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Column of sampling weights.", valueName: "col"))
  var weight: String?

  @Option(help: ArgumentHelp("Stratum columns, crossed.", valueName: "col,…"))
  var strata: String?

  @Option(help: ArgumentHelp("Cluster column; repeat for further stages.", valueName: "col"))
  var cluster: [String] = []

  @Option(
    help: ArgumentHelp(
      "Finite population: sampling units of the stratum's population, or a fraction; one per stage.",
      valueName: "col"))
  var fpc: [String] = []

  @Flag(help: "Cluster ids start over in each stratum.")
  var nest = false

  @Option(
    name: .customLong("lonely-psu"),
    help: "A stratum with one sampling unit: fail, remove, adjust, average or certainty.")
  var lonelyPSU = LonelyPSU.fail

  @Flag(
    name: .customLong("lonely-psu-domains"),
    help: "Treat a domain's only sampling unit in a stratum so too.")
  var lonelyPSUDomains = false

  @Option(help: ArgumentHelp("Degrees of freedom, or inf.", valueName: "n"))
  var df: String?

  @Option(
    help: ArgumentHelp("Rows out of the design: test answers, duplicates.", valueName: "condition"))
  var drop: String?

  func description() throws -> DesignDescription {
    DesignDescription(
      weight: weight, strata: strata.map(list) ?? [], clusters: cluster, finitePopulation: fpc,
      isNested: nest, lonelyPSU: lonelyPSU, appliesLonelyPSUToDomains: lonelyPSUDomains,
      degreesOfFreedom: try degreesOfFreedom())
  }

  func dropExpression() throws -> Expression? { try drop.map { try Expression($0) } }

  private func degreesOfFreedom() throws -> Double? {
    guard let df else { return nil }
    if df == "inf" { return .infinity }
    guard let number = Double(df), number > 0, number.isFinite else {
      throw ValidationError("--df takes a number above 0, or inf, not '\(df)'.")
    }
    return number
  }
}

extension LonelyPSU: ExpressibleByArgument {}

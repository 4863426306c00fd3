import SurveyData

/// Replicate weights that cannot be used, or not be made.
public enum ReplicateError: InputFault {
  case tooFew(Int, file: String)
  case noScales
  case wrongNumberOfScales(Int, replicates: Int)
  case unusableScale(Double)
  case noRho
  case unusableRho(Double)
  case rhoWithoutFay(ReplicateMethod)
  case missingWeight(column: String, place: RowPlace)
  case negativeWeight(Double, column: String, place: RowPlace)
  case zeroWeight(column: String, place: RowPlace)

  case notMade(ReplicateMethod)
  case severalStrata(Int, file: String)
  case notTwoPSUs(stratum: String, count: Int, method: ReplicateMethod, file: String)
  case lonelyPSU(stratum: String, choice: LonelyPSU, file: String)
  case severalStages(file: String)
  case tooMany(replicates: Int, psus: Int, most: Int, file: String)

  public var fault: Fault {
    switch self {
    case .noScales, .wrongNumberOfScales, .unusableScale, .noRho, .unusableRho, .rhoWithoutFay,
      .notMade:
      .usage
    default: .data
    }
  }

  public var description: String {
    switch self {
    case .tooFew(let count, let file):
      "\(file): \(count) replicate \(count == 1 ? "weight" : "weights") cannot tell a variance; at "
        + "least two are needed. Name them all with --replicate-weights."
    case .noScales:
      "JKn replicates need their scales, (n − 1)/n of each replicate's stratum: give them with "
        + "--replicate-rscales, one a replicate or one for all."
    case .wrongNumberOfScales(let given, let replicates):
      "--replicate-rscales has \(given) numbers for \(replicates) replicates. Give one a replicate, "
        + "or one for all."
    case .unusableScale(let value):
      "A scale of replicates is a number of 0 or more, not \(shortestText(value)). Correct "
        + "--replicate-scale or --replicate-rscales."
    case .noRho:
      "Fay's replicates need their ρ, the share of its weight that the other half keeps: give it "
        + "with --fay-rho, as 0.3."
    case .unusableRho(let value):
      "--fay-rho is at least 0 and below 1, not \(shortestText(value))."
    case .rhoWithoutFay(let method):
      "--fay-rho belongs to --replicate-method fay, not \(method.rawValue). Leave one of them out."
    case .missingWeight(let column, let place):
      "\(place): the replicate weight in column '\(column)' is missing, but the row has a weight. "
        + "Fill it in, or leave the row out with --drop."
    case .negativeWeight(let value, let column, let place):
      "\(place): the replicate weight in column '\(column)' is \(shortestText(value)). A weight is "
        + "0 or more; correct it, or leave the row out with --drop."
    case .zeroWeight(let column, let place):
      "\(place): the row has a weight of 0, but column '\(column)' gives it one in a replicate, so "
        + "the two cannot belong together. Correct --weight or --replicate-weights."
    case .notMade(let method):
      "Replicates by \(method.rawValue) are not made from a design, only read: name their columns "
        + "with --replicate-weights, or make them by bootstrap, jk1, jkn, brr or fay."
    case .severalStrata(let count, let file):
      "\(file): JK1 leaves each sampling unit out of one whole sample, but the design has \(count) "
        + "strata. Choose jkn."
    case .notTwoPSUs(let stratum, let count, let method, let file):
      "\(file): \(method.rawValue) needs two sampling units in every stratum, but stratum "
        + "'\(stratum)' has \(count). Choose jkn or bootstrap."
    case .lonelyPSU(let stratum, let choice, let file):
      "\(file): stratum '\(stratum)' has only one sampling unit, and these replicates cannot "
        + "follow --lonely-psu \(choice.rawValue). Choose remove or certainty, or the method jkn."
    case .severalStages(let file):
      "\(file): replicates of first-stage units miss the variance of the stages below a finite "
        + "first stage. Leave --fpc out (a little too careful), or estimate without replicates."
    case .tooMany(let replicates, let psus, let most, let file):
      "\(file): \(replicates) replicates of \(psus) sampling units do not fit in memory. Choose "
        + "bootstrap with at most \(most) replicates."
    }
  }
}

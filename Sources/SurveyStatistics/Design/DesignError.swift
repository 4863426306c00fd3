import SurveyData

/// A design that the data do not bear.
public enum DesignError: InputFault {
  case negativeWeight(Double, column: String, place: RowPlace)
  case noPositiveWeight(column: String?, file: String)
  case missingID(column: String, role: String, place: RowPlace)
  case clusterInSeveralStrata(
    column: String, cluster: String, strata: [String], place: RowPlace)
  case lonelyPSU(stratum: String, stage: Int, others: Int, file: String)
  case finitePopulationVaries(
    column: String, unit: String, values: [Double], place: RowPlace)
  case finitePopulationTooSmall(
    column: String, unit: String, population: Double, sampled: Int, place: RowPlace)
  case finitePopulationMissing(column: String, place: RowPlace)
  case moreFinitePopulationsThanStages(columns: Int, stages: Int)

  public var fault: Fault {
    if case .moreFinitePopulationsThanStages = self { return .usage }
    return .data
  }

  public var description: String {
    switch self {
    case .negativeWeight(let value, let column, let place):
      "\(place): the weight in column '\(column)' is \(shortestText(value)). "
        + "A weight is 0 or more; correct it, or leave the row out with --drop."
    case .noPositiveWeight(let column?, let file):
      "\(file): no row has a positive weight in column '\(column)', so nothing can be estimated. "
        + "Choose another --weight."
    case .noPositiveWeight(nil, let file):
      "\(file): no row is left to estimate from. Check --drop and --where."
    case .missingID(let column, let role, let place):
      "\(place): column '\(column)' is empty or missing here, but it names the \(role) of the "
        + "design. Fill it in, or leave the row out with --drop "
        + "'is_missing(\(columnReference(column)))'."
    case .clusterInSeveralStrata(let column, let cluster, let strata, let place):
      "\(place): cluster '\(cluster)' of column '\(column)' stands in more than one stratum "
        + "(\(strata.map { "'\($0)'" }.joined(separator: ", "))). If cluster ids start over in "
        + "each stratum, say --nest; otherwise correct the ids."
    case .lonelyPSU(let stratum, let stage, let others, let file):
      "\(file): stratum '\(stratum)' has only one sampling unit at stage \(stage), so its variance "
        + "cannot be estimated" + (others > 0 ? " (and \(others) more like it). " : ". ")
        + "Merge it with another stratum, or choose --lonely-psu remove, adjust, average or "
        + "certainty."
    case .finitePopulationVaries(let column, let unit, let values, let place):
      "\(place): the finite population in column '\(column)' must be the same for all rows of "
        + "'\(unit)', but it is \(values.map(shortestText).joined(separator: " and "))."
    case .finitePopulationTooSmall(let column, let unit, let population, let sampled, let place):
      "\(place): column '\(column)' gives '\(unit)' a population of \(shortestText(population)) "
        + "sampling units, fewer than the \(sampled) sampled. It counts sampling units of that "
        + "stage, not persons."
    case .finitePopulationMissing(let column, let place):
      "\(place): the finite population in column '\(column)' is missing here or not above 0. Fill "
        + "it in, or leave --fpc out."
    case .moreFinitePopulationsThanStages(let columns, let stages):
      "--fpc is given \(columns) times, but the design has \(stages) "
        + "\(stages == 1 ? "stage" : "stages"). Give one --fpc per stage, in the order of --cluster."
    }
  }
}

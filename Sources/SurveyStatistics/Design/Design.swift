import SurveyData

/// A survey design resolved against data: proof that weights, strata, clusters and finite
/// populations are usable.
///
/// Rows stand in *design order*: by stratum, then by PSU, then by the units of further stages, and
/// within the last of those as in the file. A unit of any stage is then a run of rows.
public struct Design: Sendable {
  /// What was asked for.
  public let description: DesignDescription
  /// The number of rows of the dataset, those left out of the design included.
  public let datasetRowCount: Int
  /// Rows left out because their weight is missing.
  public let rowsWithoutWeight: Int
  /// Rows in the design whose weight is 0: they keep their PSU in the design and enter no estimate.
  public let rowsOfZeroWeight: Int
  /// PSUs with a row of positive weight, and their strata.
  public let psuCount: Int
  public let stratumCount: Int

  /// Dataset row of each design position; `nil` where the dataset already stands in design order.
  package let order: [Int32]?
  /// Columns in design order; `nil` where `order` is.
  let arrangedColumns: ArrangedColumns?
  /// Columns as ranked codes, for quantiles.
  let rankedColumns = RankedColumns()
  /// Sampling weights in design order.
  package let weights: Bytes
  /// The stages whose variance counts: the first, and further ones below a finite first stage.
  package let stages: [Stage]
  /// A stratum's name for messages, by index.
  package let stratumNames: [String]
  /// Replicate weights, which then give the variance in place of linearisation.
  public internal(set) var replicates: ReplicateWeights?
  /// What the weights were fitted to, where the design says so: variances are then of residuals.
  var marginModel: MarginModel?
  /// The rank of the replicate weights, less 1; `nil` without replicates, or where it is given.
  var fullReplicateDegreesOfFreedom: Double?

  /// One stage of sampling, in design order.
  package struct Stage: Sendable {
    /// The first row of each unit, and at the end the number of rows; `nil` where every row is a
    /// unit of its own.
    package let unitStarts: [Int32]?
    /// The first unit of each group of siblings (the units of one stratum at stage 1, of one parent
    /// unit below), and at the end the number of units.
    package let groupStarts: [Int32]
    /// The sampling fraction n/N of each group; 0 without a finite population.
    package let fractions: [Double]

    package var unitCount: Int { Int(groupStarts[groupStarts.count - 1]) }

    package func rowStart(ofUnit unit: Int) -> Int {
      unitStarts.map { Int($0[unit]) } ?? unit
    }
  }

  /// The number of rows in the design.
  public var rowCount: Int { weights.count / MemoryLayout<Double>.stride }

  /// PSUs minus strata, counted among rows of positive weight, by replicates the rank of their
  /// weights minus 1 (R: `degf`), or what `--df` says.
  public var degreesOfFreedom: Double {
    description.degreesOfFreedom ?? fullReplicateDegreesOfFreedom
      ?? Double(psuCount - stratumCount)
  }

  /// Whether some first-stage unit was drawn from a finite population that is known.
  public var hasFinitePopulation: Bool { stages[0].fractions.contains { $0 > 0 } }

  /// The sum of the weights: the estimated size of the population.
  public var weightedTotal: Double {
    weights.withSpan(of: Double.self) { weights in
      var sum = Compensated()
      for row in weights.indices { sum.add(weights[row]) }
      return sum.value
    }
  }
}

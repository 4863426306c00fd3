/// The design in whose order a dataset's rows stand, and where its units begin: a command that asks
/// for the same design has nothing to sort.
package struct DesignOrder: Sendable {
  package let strata: [String]
  package let clusters: [String]
  /// Cluster ids start over in each stratum.
  package let isNested: Bool
  /// The rows of the design, which stand before those left out of it.
  package let rowCount: Int
  /// The first row of each stratum, ascending from 0, and at the end `rowCount`.
  package let stratumStarts: [Int32]
  /// By stage of clusters: the first row of each unit, and at the end `rowCount`; empty where every
  /// row is a unit.
  package let unitStarts: [[Int32]]
  /// The values of strata and clusters as they were when the order was made, by column.
  package var values: [String: Bytes] = [:]

  package init(
    strata: [String], clusters: [String], isNested: Bool, rowCount: Int, stratumStarts: [Int32],
    unitStarts: [[Int32]]
  ) {
    self.strata = strata
    self.clusters = clusters
    self.isNested = isNested
    self.rowCount = rowCount
    self.stratumStarts = stratumStarts
    self.unitStarts = unitStarts
  }

  /// Whether a dataset's rows stand in the order of a design: the same strata, the same clusters or
  /// the first of them, and their columns as they were, without missing ids.
  package func isOrder(of description: DesignDescription, in dataset: Dataset) -> Bool {
    description.strata == strata && clusters.starts(with: description.clusters)
      && (description.isNested || !isNested)
      && (description.strata + description.clusters).allSatisfy { name in
        guard let values = values[name], let column = dataset[name] else { return false }
        return switch column.values {
        case .numeric(let numbers): numbers.bytes === values
        case .categorical(let codes):
          codes.bytes === values && codes.categories.allSatisfy { $0.missing == nil }
        }
      }
  }
}

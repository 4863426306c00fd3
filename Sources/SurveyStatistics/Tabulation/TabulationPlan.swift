import SurveyData

/// What one pass over the rows is to count: plain values, no rows and no closures.
package struct TabulationPlan: Sendable {
  package var blocks: [Block]

  package init(_ blocks: [Block]) { self.blocks = blocks }

  /// One table of weighted totals.
  ///
  /// A row adds to one *cell*: its group (the crossing of `groups`) and its level of `cells`. Each
  /// cell holds the weighted number of its rows and the weighted sum of each of `sums`: these are
  /// the *components* of the block, in the order group, level, then weight before sums.
  package struct Block: Sendable {
    /// Crossed with each other, the first varying slowest. None: one group.
    package var groups: [Factor]
    /// The categories within a group. `nil`: one cell a group.
    package var cells: Factor?
    /// Numeric columns; a row that misses any of them is out of the block, unless the sum says else.
    package var sums: [Sum]
    /// Rows outside add nothing; their PSUs stay in the design.
    package var domain: Domain?
    package var moments: Moments

    package init(
      groups: [Factor] = [], cells: Factor? = nil, sums: [Sum] = [], domain: Domain? = nil,
      moments: Moments = .withinGroups
    ) {
      self.groups = groups
      self.cells = cells
      self.sums = sums
      self.domain = domain
      self.moments = moments
    }

    package var groupCount: Int { groups.reduce(1) { $0 * $1.levelCount } }
    package var levelCount: Int { cells?.levelCount ?? 1 }
    package var cellCount: Int { groupCount * levelCount }
    /// Components of a cell: its weight and its sums.
    package var componentsPerCell: Int { 1 + sums.count }
    package var componentCount: Int { cellCount * componentsPerCell }
  }

  /// A numeric column to sum, measured from an origin.
  ///
  /// Numbers far from 0 with little spread (years) lose digits in products; measured from any value
  /// of theirs they do not. Only what does not depend on the origin may be asked of such a block.
  package struct Sum: Sendable {
    package var column: NumericColumn
    package var origin: Double
    /// A row without this number stays in the block and adds nothing to the sum: for two items of
    /// the same people, each with its own base.
    package var keepsMissing: Bool

    package init(_ column: NumericColumn, origin: Double = 0, keepsMissing: Bool = false) {
      self.column = column
      self.origin = origin
      self.keepsMissing = keepsMissing
    }

    /// Measured from the first number of the column.
    package static func measuredFromWithin(_ column: NumericColumn) -> Sum {
      let first = column.withValues { values in
        values.indices.first { !values[$0].isNaN }.map { values[$0] }
      }
      return Sum(column, origin: first ?? 0)
    }
  }

  /// Which covariances of the components the pass keeps.
  package enum Moments: Sendable {
    /// None, and no totals: the number of rows in each cell is all that is kept.
    case rowsAlone
    /// None: totals alone, without PSUs.
    case none
    /// Those of components of the same group: all that a share, a mean or a ratio needs.
    case withinGroups
    /// All: contrasts between groups, Rao–Scott.
    case all

    var keepsSome: Bool { self == .withinGroups || self == .all }
  }

  /// A column as levels 0, 1, …; a code without a level keeps its rows out of the block.
  package struct Factor: Sendable {
    package var column: CategoricalColumn
    /// The level of each dictionary index, or −1.
    package var levels: [Int32]
    package var levelCount: Int
    /// Whether the column's rows stand in design order already, and not as in the dataset.
    var isInDesignOrder = false

    package init(column: CategoricalColumn, levels: [Int32], levelCount: Int) {
      precondition(
        levels.count == column.categories.count && levels.allSatisfy { $0 < levelCount })
      self.column = column
      self.levels = levels
      self.levelCount = levelCount
    }

    /// Every valid category a level of its own.
    package init(_ column: CategoricalColumn) {
      var next: Int32 = 0
      var levels: [Int32] = []
      for category in column.categories {
        levels.append(category.missing == nil ? next : -1)
        if category.missing == nil { next += 1 }
      }
      self.init(column: column, levels: levels, levelCount: Int(next))
    }

    /// Two levels: in the net (0), and any other valid answer (1).
    package init(_ column: CategoricalColumn, net codes: Set<String>) {
      self.init(
        column: column,
        levels: column.categories.map { category in
          category.missing != nil ? -1 : codes.contains(category.code) ? 0 : 1
        }, levelCount: 2)
    }
  }
}

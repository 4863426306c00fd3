import SurveyData

/// Blocks with moments over the same rows of a clustered design, to be folded together a batch of PSUs
/// at a time.
struct UnitTables: Sendable {
  /// Columns read as levels.
  struct Reading: Sendable {
    let columns: [CategoricalColumn]
    /// By joint code, the first column varying slowest; `count` where it has no level.
    let levels: [UInt8]
    let count: Int
    /// The levels, and a place more where some code has none.
    let width: Int

    init(_ factors: [TabulationPlan.Factor], design: Design) {
      columns = factors.map { $0.isInDesignOrder ? $0.column : design.inOrder($0.column) }
      let count = factors.reduce(1) { $0 * $1.levelCount }
      self.count = count
      let joint = factors.reduce([0]) { levels, factor in
        levels.flatMap { level in
          factor.levels.map { level < 0 || $0 < 0 ? -1 : level * factor.levelCount + Int($0) }
        }
      }
      levels = joint.map { UInt8($0 < 0 ? count : $0) }
      width = joint.contains { $0 < 0 } ? count + 1 : count
    }

    func isSame(as other: Reading) -> Bool {
      levels == other.levels && count == other.count && columns.count == other.columns.count
        && zip(columns, other.columns).allSatisfy { $0.bytes === $1.bytes }
    }

    /// Fills the levels of rows.
    func read(_ rows: Range<Int>, to levels: UnsafeMutablePointer<UInt8>) {
      guard let last = columns.last else {
        unsafe levels.update(repeating: 0, count: rows.count)
        return
      }
      let table = self.levels.span
      last.bytes.withSpan(of: UInt8.self) { codes in
        let codes = codes.extracting(rows)
        guard columns.count > 1 else {
          // The table covers the dictionary, which covers every code.
          for row in codes.indices {
            unsafe levels[row] = table[unchecked: Int(codes[unchecked: row])]
          }
          return
        }
        for row in codes.indices {
          var code = 0
          for column in columns {
            code = code * column.categories.count + column.index(at: rows.lowerBound + row)
          }
          unsafe levels[row] = table[code]
        }
      }
    }
  }

  struct Table: Sendable {
    /// Its place in `FusedTables.members`.
    let member: Int
    let shape: BlockShape
    let banner: Int
  }

  struct Item: Sendable {
    let reading: Reading
    var tables: [Table]
  }

  /// Sets of groups are counted by their bits.
  private static let mostGroups = 10
  private static let mostCells = 256
  private static let mostRowsOfUnit = 65_536

  let items: [Item]
  let banners: [Reading]
  let domain: Bytes?

  var tables: [Table] { items.flatMap(\.tables) }

  init(_ members: [FusedTables.Member], of plan: TabulationPlan, domain: Bytes?, design: Design) {
    self.domain = domain
    var items: [Item] = []
    var banners: [Reading] = []
    for (index, member) in members.enumerated() where member.fold == .units {
      let block = plan.blocks[member.block]
      let row = Reading(block.cells.map { [$0] } ?? [], design: design)
      let column = Reading(block.groups, design: design)
      let item =
        items.firstIndex { $0.reading.isSame(as: row) }
        ?? {
          items.append(Item(reading: row, tables: []))
          return items.count - 1
        }()
      let banner =
        banners.firstIndex { $0.isSame(as: column) }
        ?? {
          banners.append(column)
          return banners.count - 1
        }()
      items[item].tables.append(Table(member: index, shape: member.shape, banner: banner))
    }
    self.items = items
    self.banners = banners
  }

  /// Whether the units of a design are folded as matrices.
  static func fits(_ design: Design) -> Bool {
    guard design.stages.count == 1, let starts = design.stages[0].unitStarts else { return false }
    return zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 <= mostRowsOfUnit }
  }

  /// Whether a block is worth a matrix: where PSUs are small and cells many, most of it would be
  /// zeros, and a fold that visits only the cells touched is faster.
  static func fits(_ block: TabulationPlan.Block, design: Design, isForced: Bool) -> Bool {
    block.groupCount <= mostGroups && block.levelCount < 128 && block.cellCount <= mostCells
      && (isForced || block.cellCount * design.stages[0].unitCount <= 4 * design.rowCount)
  }
}

import SurveyData

/// Blocks with moments over the same rows of a clustered design, to be folded together a batch of PSUs
/// at a time: a panel of an item's tables in one pass over the rows.
///
/// The table of all respondents is not filled where another of the item has them all: its moments are
/// sums of the other's.
struct UnitTables: Sendable {
  struct Table: Sendable {
    /// Its place in `FusedTables.members`.
    let member: Int
    let shape: BlockShape
    /// The table of which it is the margin, all groups together; `nil` where it is filled itself.
    var whole: Int?
  }

  /// Sets of groups are counted by their bits.
  private static let mostGroups = 10
  private static let mostCells = 256
  private static let mostRowsOfUnit = 65_536

  let tables: [Table]
  let panels: [UnitPanel]
  /// Cells of the largest panel, and the places outside.
  let placeCount: Int
  let domain: Bytes?
  /// By table: where it is filled among those abreast; `nil` elsewhere.
  let placesAbreast: [LanePanel.Place?]
  /// By panel: its items abreast, where it has any.
  let lanePanels: [LanePanel?]

  /// - Parameter abreast: whether items are filled eight abreast where they can be.
  init(
    _ members: [FusedTables.Member], of plan: TabulationPlan, domain: Bytes?, design: Design,
    abreast: Bool
  ) {
    self.domain = domain
    var tables: [Table] = []
    var panels: [UnitPanel] = []
    var items: [(reading: UnitReading, tables: [Int])] = []
    var banners: [UnitReading] = []
    var bannerOfTable: [Int] = []
    for (index, member) in members.enumerated() where member.fold == .units {
      let block = plan.blocks[member.block]
      let item = Self.index(of: UnitReading(block.cells.map { [$0] } ?? [], design), in: &items)
      let banner = UnitReading(block.groups, design)
      if let known = banners.firstIndex(where: { $0.isSame(as: banner) }) {
        bannerOfTable.append(known)
      } else {
        bannerOfTable.append(banners.count)
        banners.append(banner)
      }
      items[item].tables.append(tables.count)
      tables.append(Table(member: index, shape: member.shape))
    }
    let rowsOfUnit = members.isEmpty ? 0 : design.rowCount / max(1, design.stages[0].unitCount)
    for item in items {
      Self.setMargins(item.tables, of: &tables) { banners[bannerOfTable[$0]] }
      for part in Self.parts(item.tables.filter { tables[$0].whole == nil }, of: tables) {
        let readings = part.map { bannerOfTable[$0] }
        let panel =
          panels.firstIndex { $0.levelCount == item.reading.count && $0.readings == readings }
          ?? {
            panels.append(
              UnitPanel(
                readings, of: banners, levelCount: item.reading.count, rowsOfUnit: rowsOfUnit))
            return panels.count - 1
          }()
        panels[panel].add(item.reading, tables: part)
      }
    }
    var placesAbreast = [LanePanel.Place?](repeating: nil, count: tables.count)
    if abreast {
      for panel in panels.indices {
        panels[panel].setAbreast()
        LanePanel.place(panels[panel], index: panel, in: &placesAbreast)
      }
    }
    self.placesAbreast = placesAbreast
    // Rows outside must not touch the cells of any panel: the cells are shared.
    let outside = panels.map(\.cellCount).max() ?? 0
    for panel in panels.indices { panels[panel].place(outsideAt: outside) }
    lanePanels = panels.map { panel in
      panel.abreast.isEmpty
        ? nil
        : LanePanel(panel, of: panel.readings.map { banners[$0] }, rowsOfUnit: rowsOfUnit)
    }
    self.tables = tables
    self.panels = panels
    placeCount = outside == 0 ? 0 : 2 * outside + 1
  }

  private static func index(
    of reading: UnitReading, in items: inout [(reading: UnitReading, tables: [Int])]
  ) -> Int {
    if let known = items.firstIndex(where: { $0.reading.isSame(as: reading) }) { return known }
    items.append((reading, []))
    return items.count - 1
  }

  /// Of an item's tables, makes that of all respondents the margin of the smallest that has them all.
  private static func setMargins(
    _ ofItem: [Int], of tables: inout [Table], _ banner: (Int) -> UnitReading
  ) {
    let whole = ofItem.filter { banner($0).isComplete && !banner($0).columns.isEmpty }
      .min { tables[$0].shape.cellCount < tables[$1].shape.cellCount }
    guard let whole else { return }
    for table in ofItem where banner(table).columns.isEmpty { tables[table].whole = whole }
  }

  /// The tables of an item, cut where a panel is full.
  private static func parts(_ filled: [Int], of tables: [Table]) -> [[Int]] {
    var parts: [[Int]] = []
    var cells = 0
    for table in filled {
      let more = tables[table].shape.cellCount
      if let last = parts.last, last.count < UnitPanel.mostTables,
        cells + more <= UnitPanel.mostCells
      {
        parts[parts.count - 1].append(table)
        cells += more
      } else {
        parts.append([table])
        cells = more
      }
    }
    return parts
  }

  /// Whether the units of a design are folded as matrices.
  static func fits(_ design: Design) -> Bool {
    guard design.stages.count == 1, let starts = design.stages[0].unitStarts else { return false }
    return zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 <= mostRowsOfUnit }
  }

  /// Whether a block is worth a matrix: where PSUs are small and cells many, most of it would be
  /// zeros, and a fold that visits only the cells touched is faster.
  static func fits(_ block: TabulationPlan.Block, design: Design, isForced: Bool) -> Bool {
    block.groupCount <= mostGroups && block.levelCount < 128
      && 1...mostCells ~= block.cellCount
      && (isForced || block.cellCount * design.stages[0].unitCount <= 4 * design.rowCount)
  }
}

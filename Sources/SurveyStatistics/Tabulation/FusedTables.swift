import SurveyData

/// Blocks over the same rows whose columns recur (items by a banner), compiled to few joint tables.
///
/// Two short items share a code, and banner columns share one while their product is small: a row
/// then adds to one slot for each *pair of items* and *pack of banner columns*, where tables of their
/// own would take one each. The nearest cache still holds a joint table; it is summed out into the
/// single tables after each chunk of rows. Codes are counted, levels come when a table is emptied.
struct FusedTables: Sendable {
  /// Columns of one byte read as one code, the first varying slowest.
  struct Axis: Sendable {
    let columns: [CategoricalColumn]
    let size: Int
  }

  /// How the moments of a block come about.
  enum Fold: Sendable {
    /// It has none.
    case totals
    /// Every row is a sampling unit: Σw² by cell says all.
    case rows
    /// By PSU: `UnitFold`, which has tables of its own.
    case units
  }

  /// A block of the plan: where its table stands among the places, and the cell of each place. A block
  /// that is folded by PSU has no places.
  struct Member: Sendable {
    let block: Int
    let fold: Fold
    let shape: BlockShape
    let start: Int
    /// By item code, then banner code; −1 outside.
    let cellOfPlace: [Int32]
  }

  /// Slots of a joint table that the nearest cache holds.
  private static let slotLimit = 2048
  /// Items of so many codes pair up.
  private static let shortItem = 8
  /// The largest code of an axis, so that a joint code has two bytes.
  private static let largestAxis = 256

  let domain: Bytes?
  /// Whether Σw² is wanted: each row is a sampling unit, and blocks have moments.
  let needsSquares: Bool
  let items: [Axis]
  let banners: [Axis]
  /// One item or two to a joint code.
  let groups: [[Int]]
  /// Banner axes to a joint code.
  let packs: [[Int]]
  let packSizes: [Int]
  /// Item codes of a joint table: it has a slot for each of them and each code of the pack.
  let stride: Int
  /// By item, then banner: where the places of their table begin; −1 where nobody asks for it.
  let starts: [[Int]]
  let placeCount: Int
  /// Pairs of an item and a banner axis that somebody asks for.
  let tableCount: Int
  let members: [Member]
  /// The members that are folded by PSU.
  let units: UnitTables

  private init(
    _ draft: Draft, items: [Int], domain: Bytes?, plan: TabulationPlan, design: Design,
    abreast: Bool
  ) {
    self.domain = domain
    let isRowByRow = design.stages[0].unitStarts == nil
    self.items = items.map { draft.items.axes[$0] }
    let wanted = draft.banners.axes.indices.filter { banner in
      items.contains { draft.tables[[$0, banner]] != nil }
    }
    banners = wanted.map { draft.banners.axes[$0] }
    var starts = [[Int]](repeating: [Int](repeating: -1, count: wanted.count), count: items.count)
    var members: [Member] = []
    var placeCount = 0
    var tableCount = 0
    for (item, ofDraft) in items.enumerated() {
      for (banner, other) in wanted.enumerated() {
        guard let uses = draft.tables[[ofDraft, other]] else { continue }
        tableCount += 1
        for use in uses {
          let block = plan.blocks[use.block]
          let fold: Fold =
            !block.moments.keepsSome ? .totals : isRowByRow ? .rows : .units
          members.append(
            Member(
              block: use.block, fold: fold, shape: BlockShape(block), start: placeCount,
              cellOfPlace: fold == .units
                ? []
                : use.cells(
                  of: block, items: self.items[item].size, banners: banners[banner].size)))
          if fold != .units { starts[item][banner] = placeCount }
        }
        if starts[item][banner] >= 0 {
          placeCount += self.items[item].size * banners[banner].size
        }
      }
    }
    self.starts = starts
    self.placeCount = placeCount
    self.tableCount = tableCount
    self.members = members
    units = UnitTables(
      members, of: plan, domain: domain, design: design, abreast: abreast)
    needsSquares = members.contains { $0.fold == .rows }

    var groups: [[Int]] = []
    for item in self.items.indices where starts[item].contains(where: { $0 >= 0 }) {
      if let last = groups.last, last.count == 1, self.items[item].size <= Self.shortItem,
        self.items[last[0]].size <= Self.shortItem
      {
        groups[groups.count - 1].append(item)
      } else {
        groups.append([item])
      }
    }
    self.groups = groups
    let itemAxes = self.items
    stride = groups.map { $0.reduce(1) { $0 * itemAxes[$1].size } }.max() ?? 1
    // The largest axis first, then whatever still fits beside it.
    let limit = Self.slotLimit / stride
    let sizes = banners.map(\.size)
    var packs: [[Int]] = []
    var packSizes: [Int] = []
    var rest = sizes.indices.filter { banner in starts.contains { $0[banner] >= 0 } }
      .sorted { (sizes[$0], $1) > (sizes[$1], $0) }
    while !rest.isEmpty {
      var pack = [rest.removeFirst()]
      var size = sizes[pack[0]]
      rest.removeAll { banner in
        guard size * sizes[banner] <= limit else { return false }
        size *= sizes[banner]
        pack.append(banner)
        return true
      }
      packs.append(pack)
      packSizes.append(size)
    }
    self.packs = packs
    self.packSizes = packSizes
  }

  /// - Parameters:
  ///   - isForced: also where there are too few rows or tables for it to pay: for tests.
  ///   - abreast: whether a fold by PSU takes items eight abreast.
  static func compile(
    _ plan: TabulationPlan, design: Design, isForced: Bool, abreast: Bool
  ) -> [FusedTables] {
    let enoughTables = isForced ? 1 : 4
    guard plan.blocks.count >= enoughTables,
      isForced || design.rowCount >= 8 * slotLimit
    else { return [] }
    let strata = design.stages[0].groupStarts.count - 1
    let foldsRows =
      design.stages.count == 1 && design.stages[0].unitStarts == nil
      && (isForced || design.rowCount >= 4 * slotLimit * strata)
    let foldsUnits = UnitTables.fits(design)
    func fits(_ block: TabulationPlan.Block) -> Bool {
      guard block.sums.isEmpty else { return false }
      // Counted alone, unless there are joint tables of rows, where its rows come for nothing.
      if !foldsRows, RowCounts.comparesCodes(block, design) { return false }
      return !block.moments.keepsSome || foldsRows
        || foldsUnits && UnitTables.fits(block, design: design, isForced: isForced)
    }
    var drafts: [(domain: Bytes?, draft: Draft)] = []
    for (index, block) in plan.blocks.enumerated() where fits(block) {
      let domain = block.domain.map(design.inOrder)
      let place =
        drafts.firstIndex { $0.domain === domain }
        ?? {
          drafts.append((domain, Draft()))
          return drafts.count - 1
        }()
      drafts[place].draft.add(block, index, design: design, largestAxis: largestAxis)
    }
    return drafts.flatMap { domain, draft in
      var draft = draft
      draft.placeMargins()
      // Joint tables are as wide as the longest item among them.
      let classes = [0..<shortItem + 1, shortItem + 1..<33, 33..<largestAxis + 1]
      return classes.compactMap { sizes -> FusedTables? in
        let items = draft.items.axes.indices.filter { sizes.contains(draft.items.axes[$0].size) }
        let tables = FusedTables(
          draft, items: items, domain: domain, plan: plan, design: design, abreast: abreast)
        return tables.tableCount >= enoughTables ? tables : nil
      }
    }
  }
}

/// Blocks sorted into items, banner axes and the tables between them.
private struct Draft {
  struct Side {
    var axes: [FusedTables.Axis] = []
    var indices: [[ObjectIdentifier]: Int] = [:]

    mutating func index(of axis: FusedTables.Axis) -> Int {
      let key = axis.key
      if let known = indices[key] { return known }
      indices[key] = axes.count
      axes.append(axis)
      return axes.count - 1
    }
  }

  /// How a block reads a table.
  struct Use {
    let block: Int
    /// The factors of the codes of the item and of the banner; none where the block has no such.
    let itemFactors: [Factor]
    let bannerFactors: [Factor]

    /// A factor with the number of cells that its levels are apart.
    struct Factor {
      let levels: [Int32]
      let stride: Int32
    }

    func cells(of block: TabulationPlan.Block, items: Int, banners: Int) -> [Int32] {
      let ofItems = Self.cells(itemFactors, count: items)
      let ofBanners = Self.cells(bannerFactors, count: banners)
      return ofItems.flatMap { item in
        ofBanners.map { banner in item < 0 || banner < 0 ? -1 : item + banner }
      }
    }

    private static func cells(_ factors: [Factor], count: Int) -> [Int32] {
      if factors.isEmpty { return [Int32](repeating: 0, count: count) }
      return factors.reduce([0]) { cells, factor in
        cells.flatMap { cell in
          factor.levels.map { cell < 0 || $0 < 0 ? -1 : cell + $0 * factor.stride }
        }
      }
    }
  }

  var items = Side()
  var banners = Side()
  /// By item and banner.
  var tables: [[Int]: [Use]] = [:]
  private var margins: [(key: [ObjectIdentifier], block: Int, factors: [Use.Factor])] = []

  mutating func add(
    _ block: TabulationPlan.Block, _ index: Int, design: Design, largestAxis: Int
  ) {
    func axis(_ factors: [TabulationPlan.Factor]) -> FusedTables.Axis? {
      let columns = factors.map { design.inOrder($0) }
      var size = 1
      for column in columns {
        guard column.width == .one, !column.categories.isEmpty else { return nil }
        size *= column.categories.count
        guard size <= largestAxis else { return nil }
      }
      return FusedTables.Axis(columns: columns, size: size)
    }
    func uses(_ factors: [TabulationPlan.Factor], within: Int) -> [Use.Factor] {
      var stride = within
      var uses: [Use.Factor] = []
      for factor in factors.reversed() {
        uses.append(.init(levels: factor.levels, stride: Int32(stride)))
        stride *= factor.levelCount
      }
      return uses.reversed()
    }
    let cells = block.cells.map { [$0] } ?? []
    guard let row = axis(cells), let column = axis(block.groups) else { return }
    let ofRow = uses(cells, within: 1)
    let ofColumn = uses(block.groups, within: block.levelCount)
    guard !cells.isEmpty, !block.groups.isEmpty else {
      let (axis, factors) = cells.isEmpty ? (column, ofColumn) : (row, ofRow)
      if !factors.isEmpty { margins.append((axis.key, index, factors)) }
      return
    }
    // A column is an item or of the banner, as it was met first.
    let isTurned = banners.indices[row.key] != nil
    let isAsMet =
      isTurned ? banners.indices[column.key] == nil : items.indices[column.key] == nil
    guard isAsMet else { return }
    let place =
      isTurned
      ? [items.index(of: column), banners.index(of: row)]
      : [items.index(of: row), banners.index(of: column)]
    tables[place, default: []].append(
      isTurned
        ? Use(block: index, itemFactors: ofColumn, bannerFactors: ofRow)
        : Use(block: index, itemFactors: ofRow, bannerFactors: ofColumn))
  }

  /// Blocks of one axis are margins of a table that has it.
  mutating func placeMargins() {
    let places = tables.keys.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    for (key, block, factors) in margins {
      if let item = items.indices[key], let place = places.first(where: { $0[0] == item }) {
        tables[place]!.append(Use(block: block, itemFactors: factors, bannerFactors: []))
      } else if let banner = banners.indices[key],
        let place = places.first(where: { $0[1] == banner })
      {
        tables[place]!.append(Use(block: block, itemFactors: [], bannerFactors: factors))
      }
    }
    margins = []
  }
}

extension FusedTables.Axis {
  /// The memory of its columns.
  fileprivate var key: [ObjectIdentifier] { columns.map { ObjectIdentifier($0.bytes) } }
}

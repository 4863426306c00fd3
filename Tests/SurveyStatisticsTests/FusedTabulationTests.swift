import SurveyData
import SurveyStatistics
import SurveyTestSupport
import Testing

/// Blocks counted together against the same blocks one by one.
@Suite("Fused tables are the single tables")
struct FusedTabulationTests {
  /// Items and banner columns of several lengths over one of the designs that tabulators meet.
  struct Survey {
    let dataset: Dataset
    let design: Design
    let items: [String]
    let banners: [String]
    let domain: Domain

    enum Weights: Int, CaseIterable { case even, some0, wide, one }

    init(
      seed: UInt64, rows: Int = 1500, weights: Weights, strata: Int, isClustered: Bool,
      longItem: Int = 30, lengths: [Int]? = nil, widths: [Int] = [2, 8, 3, 5, 12]
    ) throws {
      var generator = SeededGenerator(seed: seed)
      func column(_ name: String, _ valid: Int, missing: Int) -> Column {
        let categories =
          (0..<valid).map { SurveyData.Category(code: "\($0)") }
          + (0..<missing).map {
            SurveyData.Category(code: "m\($0)", missing: MissingReason.allCases[$0])
          }
        // One code is rare, and runs of equal codes come as they do in files.
        var code = 0
        let indices = (0..<rows).map { _ in
          if generator.chance(0.6) {
            code = generator.integer(in: 0...categories.count - 1)
            if code == 0, generator.chance(0.9) { code = categories.count - 1 }
          }
          return code
        }
        return Column(
          name: name,
          values: .categorical(CategoricalColumn(categories: categories, indices: indices)))
      }
      var columns: [Column] = []
      let lengths = lengths ?? [5, 2, 7, 3, longItem, 5]
      for (index, length) in lengths.enumerated() {
        columns.append(column("item\(index)", length, missing: index % 3))
      }
      items = lengths.indices.map { "item\($0)" }
      for (index, width) in widths.enumerated() {
        columns.append(column("banner\(index)", width, missing: index % 2))
      }
      banners = widths.indices.map { "banner\($0)" }
      columns.append(
        Column(
          name: "weight",
          values: .numeric(
            NumericColumn(
              (0..<rows).map { _ in
                switch weights {
                case .one: 1.3
                case .even: generator.uniform(in: 0.5...2)
                case .some0: generator.chance(0.2) ? 0 : generator.uniform(in: 0.5...2)
                case .wide:
                  generator.chance(0.5)
                    ? generator.uniform(in: 1e-6...1e-5) : generator.uniform(in: 1...1e4)
                }
              }))))
      columns.append(column("stratum", strata, missing: 0))
      columns.append(
        Column(
          name: "psu",
          values: .categorical(
            CategoricalColumn(
              categories: (0..<60).map { SurveyData.Category(code: "\($0)") },
              indices: (0..<rows).map { _ in generator.integer(in: 0...59) }))))
      domain = Domain((0..<rows).map { _ in generator.chance(0.7) })
      dataset = Dataset(rowCount: rows, columns: columns)
      design = try Design(
        DesignDescription(
          weight: "weight", strata: strata > 1 ? ["stratum"] : [],
          clusters: isClustered ? ["psu"] : [], isNested: true, lonelyPSU: .adjust), in: dataset)
    }

    func factor(_ name: String) throws -> TabulationPlan.Factor {
      .init(try dataset.categories(name))
    }

    /// What a tab book asks for: tables with and without moments, nets, nested columns, totals, and
    /// a table that stands on its side.
    func plan(_ moments: TabulationPlan.Moments, domain: Domain?) throws -> TabulationPlan {
      var blocks: [TabulationPlan.Block] = []
      for item in items {
        let cells = try factor(item)
        let column = try dataset.categories(item)
        let every = TabulationPlan.Factor(
          column: column, levels: column.categories.indices.map { Int32($0) },
          levelCount: column.categories.count)
        blocks.append(.init(cells: every, domain: domain, moments: .none))
        blocks.append(.init(cells: cells, domain: domain, moments: moments))
        for banner in banners {
          blocks.append(
            .init(groups: [try factor(banner)], cells: cells, domain: domain, moments: moments))
        }
        blocks.append(
          .init(
            groups: [try factor("banner0"), try factor("banner2")], cells: cells, domain: domain,
            moments: moments))
        blocks.append(
          .init(
            groups: [try factor(banners[1])], cells: .init(column, net: ["1", "2"]),
            domain: domain, moments: moments))
      }
      blocks.append(
        .init(
          groups: [try factor("item0")], cells: try factor("banner3"), domain: domain,
          moments: moments))
      blocks.append(.init(groups: [try factor("banner1")], domain: domain, moments: moments))
      return TabulationPlan(blocks)
    }
  }

  private func expectSame(
    _ fused: [Tabulation], _ single: [Tabulation], _ plan: TabulationPlan
  ) {
    for (index, (fused, single)) in zip(fused, single).enumerated() {
      #expect(fused.counts == single.counts)
      #expect(fused.psus == single.psus && fused.strata == single.strata)
      for (total, expected) in zip(fused.totals, single.totals) {
        expectClose(total, expected, relative: 1e-12)
      }
      let block = plan.blocks[index]
      guard block.moments != .none, block.cellCount < 200 else { continue }
      let scope = block.moments == .all ? block.cellCount : block.levelCount
      for a in 0..<block.cellCount {
        for b in a / scope * scope...a {
          let scale =
            (single.covariance(a, a).magnitude * single.covariance(b, b).magnitude).squareRoot()
          expectClose(
            fused.covariance(a, b), single.covariance(a, b), relative: 1e-12,
            absolute: 1e-12 * scale)
        }
      }
      if block.moments == .all, block.groupCount > 1 {
        let all = Array(0..<block.groupCount)
        #expect(fused.sampled(inAnyOf: all) == single.sampled(inAnyOf: all))
        let few = [0, block.groupCount - 1]
        #expect(fused.sampled(inAnyOf: few) == single.sampled(inAnyOf: few))
      }
    }
  }

  @Test(
    "totals, counts, units and covariances, rows as units and in PSUs", arguments: 0..<16,
    [false, true])
  func againstSingle(seed: Int, isClustered: Bool) throws {
    let survey = try Survey(
      seed: UInt64(seed), weights: Survey.Weights.allCases[seed % 4],
      strata: [1, 4][seed / 4 % 2], isClustered: isClustered)
    for moments in [TabulationPlan.Moments.none, .withinGroups, .all] {
      let plan = try survey.plan(moments, domain: seed < 8 ? survey.domain : nil)
      expectSame(
        survey.design.tabulate(plan, rowsPerRun: 200 + seed * 30, fusing: .always),
        survey.design.tabulate(plan, rowsPerRun: 200 + seed * 30, fusing: .never), plan)
    }
  }

  @Test(
    "PSUs of so many rows that short banner columns are filled together",
    arguments: [TabulationPlan.Moments.withinGroups, .all], Survey.Weights.allCases)
  func largeUnits(moments: TabulationPlan.Moments, weights: Survey.Weights) throws {
    let survey = try Survey(seed: 60, rows: 12_000, weights: weights, strata: 2, isClustered: true)
    let plan = try survey.plan(moments, domain: survey.domain)
    expectSame(
      survey.design.tabulate(plan, rowsPerRun: 2500, fusing: .always),
      survey.design.tabulate(plan, rowsPerRun: 2500, fusing: .never), plan)
  }

  @Test(
    "items eight abreast: totals, counts, units and covariances", arguments: 0..<16,
    [600, 1500, 30_000])
  func abreast(seed: Int, rows: Int) throws {
    // Eights, fewer, and some left over; levels up to the most and beyond; joint tables of one to three;
    // more banner columns than a panel has.
    let length = [5, 2, 8, 1, 3, 9, 7, 4][seed % 8]
    let survey = try Survey(
      seed: UInt64(100 + seed), rows: rows, weights: Survey.Weights.allCases[seed % 4],
      strata: [1, 4][seed / 4 % 2], isClustered: true,
      lengths: Array(repeating: length, count: 3 + seed * 5 % 17),
      widths: [
        [2, 8, 3, 5, 12], [10, 8, 9, 5, 2], [2, 2, 2, 3, 2, 4, 2],
        [2, 3, 2, 4, 2, 2, 5, 2, 3, 2, 2],
      ][seed / 4])
    for moments in [TabulationPlan.Moments.withinGroups, .all] {
      let plan = try survey.plan(moments, domain: seed < 12 ? survey.domain : nil)
      expectSame(
        survey.design.tabulate(plan, rowsPerRun: 200 + seed * 30, fusing: .alwaysAbreast),
        survey.design.tabulate(plan, rowsPerRun: 200 + seed * 30, fusing: .never), plan)
    }
  }

  @Test("rows enough for several chunks, and columns too long to share a code")
  func several() throws {
    let survey = try Survey(
      seed: 40, rows: 150_000, weights: .wide, strata: 3, isClustered: false, longItem: 240)
    let plan = try survey.plan(.withinGroups, domain: survey.domain)
    expectSame(
      survey.design.tabulate(plan), survey.design.tabulate(plan, fusing: .never), plan)
  }

  @Test(
    "1, 2 and 7 threads give the same bits", arguments: [false, true],
    [Design.Fusing.whereItPays, .alwaysAbreast])
  func threads(isClustered: Bool, fusing: Design.Fusing) throws {
    let survey = try Survey(
      seed: 50, rows: 200_000, weights: .even, strata: 3, isClustered: isClustered,
      lengths: fusing == .alwaysAbreast ? [5, 5, 5, 5] : nil)
    let plan = try survey.plan(.withinGroups, domain: nil)
    let runs = [1, 2, 7, nil].map { threads in
      zip(
        plan.blocks,
        survey.design.tabulate(plan, threads: threads, rowsPerRun: 10_000, fusing: fusing)
      ).map { block, tabulation in
        tabulation.totals.map(\.bitPattern)
          + (block.moments == .none
            ? [] : tabulation.totals.indices.map { tabulation.covariance($0, $0).bitPattern })
      }
    }
    for run in runs.dropFirst() { #expect(run == runs[0]) }
  }

  @Test("with one weight for all, the total of everybody has no variance at all")
  func everybody() throws {
    let rows = 100_000
    let one = CategoricalColumn(
      categories: [SurveyData.Category(code: "1")], indices: [Int](repeating: 0, count: rows))
    let names = (0..<4).map { "column\($0)" }
    // Memory of its own for each, as columns have.
    let columns = names.map { name in
      Column(
        name: name,
        values: .categorical(
          CategoricalColumn(
            categories: one.categories, width: .one, bytes: Bytes(one.bytes, range: 0..<rows))))
    }
    let weights = NumericColumn([Double](repeating: 0.1, count: rows))
    let dataset = Dataset(
      rowCount: rows, columns: columns + [Column(name: "weight", values: .numeric(weights))])
    let design = try Design(DesignDescription(weight: "weight"), in: dataset)
    let plan = TabulationPlan(
      try names.prefix(2).flatMap { item in
        try names.suffix(2).map { banner in
          .init(
            groups: [.init(try dataset.categories(banner))],
            cells: .init(try dataset.categories(item)))
        }
      })
    for tabulation in design.tabulate(plan) {
      #expect(tabulation.covariance(0, 0) == 0)
      #expect(tabulation.totals[0] == 0.1 * Double(rows))
    }
  }
}

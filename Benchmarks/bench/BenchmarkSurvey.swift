import SurveyData
import SurveyStatistics
import SurveyTestSupport

/// The workloads' survey, drawn from a seed: respondents in workplaces (PSUs) within region × sector
/// (20 strata), a municipality a workplace, 40 five-point items, nine banner variables.
///
/// Only the columns asked for are made: ten million rows of all of them would be 600 MB.
struct BenchmarkSurvey {
  enum RowOrder: String, CaseIterable, Codable {
    /// Rows come in any order.
    case random
    /// By stratum and PSU, and answers in runs of equal codes, as exports often have them.
    case sorted
  }

  static let strataCount = 20
  static let municipalityCount = 98
  static let bannerCategories = [2, 2, 3, 4, 5, 5, 6, 7, 8]
  static let description = DesignDescription(
    weight: "weight", strata: ["region", "sector"], clusters: ["workplace"])

  let rows: Int
  let order: RowOrder
  let dataset: Dataset
  let psuCount: Int
  /// By PSU, ascending.
  let stratumOfPSU: [UInt8]
  let municipalityOfPSU: [UInt8]
  let psusInStratum: [Double]

  init(rows: Int, order: RowOrder, items: Int = 1, banners: [Int] = [3, 4, 9], seed: UInt64 = 2026)
  {
    self.rows = rows
    self.order = order
    let psuCount = min(60_000, max(40, rows / 13))
    self.psuCount = psuCount
    let stratumOfPSU = (0..<psuCount).map { UInt8($0 * Self.strataCount / psuCount) }
    self.stratumOfPSU = stratumOfPSU
    // A municipality lies in one region, a workplace in one municipality.
    municipalityOfPSU = (0..<psuCount).map { psu in
      let region = Int(stratumOfPSU[psu]) / 4
      let first = region * Self.municipalityCount / 5
      let next = (region + 1) * Self.municipalityCount / 5
      return UInt8(first + psu * 7919 % (next - first))
    }
    psusInStratum = (0..<Self.strataCount).map { stratum in
      Double(stratumOfPSU.count { Int($0) == stratum })
    }

    let psus = Self.psus(rows: rows, psuCount: psuCount, order: order, seed: seed)
    func ofPSU(_ values: [UInt8]) -> Bytes {
      Bytes(of: UInt8.self, count: rows) { span in
        psus.withSpan(of: UInt16.self) { psus in
          for row in psus.indices { span[row] = values[Int(psus[row])] }
        }
      }
    }
    let runs = order == .sorted
    var columns = [
      Column(name: "weight", values: .numeric(NumericColumn(bytes: Self.weights(rows, seed)))),
      Self.column("region", 5, ofPSU(stratumOfPSU.map { $0 / 4 })),
      Self.column("sector", 4, ofPSU(stratumOfPSU.map { $0 % 4 })),
      Self.column("municipality", Self.municipalityCount, ofPSU(municipalityOfPSU)),
      Column(
        name: "workplace",
        values: .categorical(
          CategoricalColumn(
            categories: (0..<psuCount).map { Category(code: "W\(100_000 + $0)") }, width: .two,
            bytes: psus))),
      Column(name: "age", values: .numeric(NumericColumn(bytes: Self.ages(rows, seed)))),
    ]
    for item in 1...items {
      let bytes = Self.codes(
        rows, Self.itemDistribution(item), inRuns: runs, seed: seed &+ UInt64(item))
      columns.append(Self.column("item\(item)", 5, bytes, missing: [.dontKnow, .noAnswer]))
    }
    for banner in banners {
      let count = Self.bannerCategories[banner - 1]
      let bytes = Self.codes(
        rows, (0..<256).map { UInt8($0 * count / 256) }, inRuns: runs,
        seed: seed &+ 1000 &+ UInt64(banner))
      columns.append(Self.column("banner\(banner)", count, bytes))
    }
    dataset = Dataset(rowCount: rows, columns: columns)
  }

  func design() throws -> Design { try Design(Self.description, in: dataset) }

  // MARK: Columns

  private static func column(
    _ name: String, _ valid: Int, _ bytes: Bytes, missing: [MissingReason] = []
  ) -> Column {
    let categories =
      (0..<valid).map { Category(code: "\($0 + 1)") }
      + missing.map { Category(code: $0.rawValue, missing: $0) }
    return Column(
      name: name,
      values: .categorical(CategoricalColumn(categories: categories, width: .one, bytes: bytes)))
  }

  /// Each PSU once, further rows at random; ascending where the file is sorted.
  private static func psus(rows: Int, psuCount: Int, order: RowOrder, seed: UInt64) -> Bytes {
    var generator = SeededGenerator(seed: seed &+ 1)
    func draw(_ row: Int) -> Int {
      // 7919 is prime: the first rows visit every PSU, in no order.
      row < psuCount ? row * 7919 % psuCount : generator.integer(in: 0...psuCount - 1)
    }
    return Bytes(of: UInt16.self, count: rows) { span in
      guard order == .sorted else {
        for row in 0..<rows { span[row] = UInt16(draw(row)) }
        return
      }
      var sizes = [Int](repeating: 0, count: psuCount)
      for row in 0..<rows { sizes[draw(row)] += 1 }
      var row = 0
      for psu in 0..<psuCount {
        for _ in 0..<sizes[psu] {
          span[row] = UInt16(psu)
          row += 1
        }
      }
    }
  }

  private static func weights(_ rows: Int, _ seed: UInt64) -> Bytes {
    var generator = SeededGenerator(seed: seed &+ 2)
    return Bytes(of: Double.self, count: rows) { span in
      for row in 0..<rows { span[row] = 0.5 + 1.5 * generator.uniform() }
    }
  }

  private static func ages(_ rows: Int, _ seed: UInt64) -> Bytes {
    var generator = SeededGenerator(seed: seed &+ 3)
    return Bytes(of: Double.self, count: rows) { span in
      for row in 0..<rows { span[row] = Double(generator.integer(in: 18...70)) }
    }
  }

  /// Five levels, 6 % don't know, 4 % no answer; each item leans another way.
  private static func itemDistribution(_ item: Int) -> [UInt8] {
    (0..<256).map { position in
      if position >= 246 { return 6 }
      if position >= 230 { return 5 }
      return UInt8((position + item * 5 % 40) * 5 / 270)
    }
  }

  /// Codes drawn from a table of 256 equally likely ones; in runs of eight rows on average.
  private static func codes(
    _ rows: Int, _ distribution: [UInt8], inRuns: Bool, seed: UInt64
  ) -> Bytes {
    var generator = SeededGenerator(seed: seed)
    return Bytes(of: UInt8.self, count: rows) { span in
      var code = distribution[0]
      for row in 0..<rows {
        let bits = generator.next()
        if !inRuns || (bits >> 8) & 7 == 0 { code = distribution[Int(bits & 255)] }
        span[row] = code
      }
    }
  }
}

extension BenchmarkSurvey {
  func codes(_ name: String) throws -> Bytes { try dataset.categories(name).bytes }

  func numbers(_ name: String) throws -> Bytes { try dataset.numbers(name).bytes }

  func factor(_ name: String) throws -> TabulationPlan.Factor {
    .init(try dataset.categories(name))
  }

  /// The two highest answers of an item (level 0) among all answers (level 1).
  func topTwo(_ name: String) throws -> TabulationPlan.Factor {
    .init(try dataset.categories(name), net: ["4", "5"])
  }

  /// The same for the reference: 0 in the net, 1 other answers, 2 missing.
  static let topTwoParts: [UInt8] = (0..<256).map { $0 >= 5 ? 2 : $0 >= 3 ? 0 : 1 }
}

import CReference
import SurveyData
import SurveyStatistics

extension Workload {
  /// W3: 40 items by two banner columns, weighted and unweighted counts.
  static let crunchByTwo = crunch(
    name: "W3", title: "40 items by 2 banner columns, w and n", banners: [6, 9], goal: 1)

  /// W3b: 40 items by nine.
  static let crunchByNine = crunch(
    name: "W3b", title: "40 items by 9 banner columns, w and n", banners: Array(1...9), goal: 0.5)

  private static func crunch(
    name: String, title: String, banners: [Int], goal: Double
  ) -> Workload {
    Workload(name: name, title: title, goal: goal) { given, threads in
      let survey = BenchmarkSurvey(
        rows: given.rows, order: given.order, items: 40, banners: banners)
      let design = try survey.design()
      let items = (1...40).map { "item\($0)" }
      let columns = banners.map { "banner\($0)" }
      let plan = TabulationPlan(
        try items.flatMap { item in
          try columns.map { column in
            .init(
              groups: [try survey.factor(column)], cells: try survey.factor(item), moments: .none)
          }
        })
      let weights = try survey.numbers("weight")
      let codes = try (items + columns).map { try survey.codes($0) }
      let counts = banners.map { BenchmarkSurvey.bannerCategories[$0 - 1] }
      return Kernels(
        library: {
          design.tabulate(plan, threads: threads).flatMap { table in
            table.totals + table.counts.map(Double.init)
          }
        },
        reference: {
          reference(
            survey.rows, weights, codes, itemCount: items.count, counts, threads: min(threads, 2))
        }, slow: nil)
    }
  }

  /// Counts by the plain C, in the order of the library's: weights of a table, then its numbers.
  private static func reference(
    _ rows: Int, _ weights: Bytes, _ codes: [Bytes], itemCount: Int, _ banners: [Int], threads: Int
  ) -> [Double] {
    let tables = itemCount * banners.count
    var scratch = [Double](repeating: 0, count: threads * tables * 128)
    var found = [Double](repeating: 0, count: tables * 128)
    var pointers: [UnsafePointer<UInt8>?] = unsafe []
    for bytes in codes {
      // The bytes outlive the call: `codes` holds them.
      unsafe bytes.withPointer(of: UInt8.self) { unsafe pointers.append($0) }
    }
    unsafe weights.withPointer(of: Double.self) { weights in
      unsafe pointers.withUnsafeBufferPointer { pointers in
        unsafe reference_w3(
          rows, weights, pointers.baseAddress, itemCount, pointers.baseAddress! + itemCount,
          banners.count, Int32(threads), &scratch, &found)
      }
    }
    var result: [Double] = []
    for table in 0..<tables {
      for field in 0..<2 {
        for group in 0..<banners[table % banners.count] {
          for level in 0..<5 {
            result.append(found[(table * 64 + group * 8 + level) * 2 + field])
          }
        }
      }
    }
    return result
  }
}

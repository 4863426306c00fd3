import CReference
import SurveyData
import SurveyStatistics

extension Workload {
  /// W3se: a tab book where every row is a sampling unit, with the covariances that its tests need.
  static let crunchWithErrors = Workload(
    name: "W3se", title: "40 items by 9 banner columns, shares with errors, rows as units",
    goal: 0.5
  ) { given, threads in
    let book = try ErrorBook(given, design: DesignDescription(weight: "weight"))
    let weights = try book.survey.numbers("weight")
    let codes = try (book.items + book.banners).map { try book.survey.codes($0) }
    return Kernels(
      library: { book.shares(threads: threads) },
      reference: {
        let threads = min(threads, 2)
        let tables = book.items.count * book.banners.count
        var scratch = [Double](repeating: 0, count: threads * tables * 128)
        var found = [reference_share].zeros(tables * 40)
        var pointers: [UnsafePointer<UInt8>?] = unsafe []
        for bytes in codes {
          // The bytes outlive the call: `codes` holds them.
          unsafe bytes.withPointer(of: UInt8.self) { unsafe pointers.append($0) }
        }
        unsafe weights.withPointer(of: Double.self) { weights in
          unsafe pointers.withUnsafeBufferPointer { pointers in
            unsafe reference_w3se(
              book.survey.rows, weights, pointers.baseAddress, book.items.count,
              pointers.baseAddress! + book.items.count, book.banners.count, Int32(threads),
              &scratch, &found)
          }
        }
        return book.present(found)
      }, slow: nil)
  }

  /// W3sc: the same in the strata and PSUs of the survey. Too long for the guard.
  static let crunchWithPSUs: Workload = {
    var workload = Workload(
      name: "W3sc", title: "40 items by 9 banner columns, shares with design errors",
      goal: 0.5
    ) { given, threads in
      let book = try ErrorBook(given, design: BenchmarkSurvey.description)
      let reference = try ReferenceDesign(book.survey, threads: threads, scratchPerPSU: 128)
      let items = try book.items.map { try book.survey.codes($0) }
      let banners = try book.banners.map { try book.survey.codes($0) }
      return Kernels(
        library: { book.shares(threads: threads) },
        reference: {
          // Table by table, as W2se.
          var found: [reference_share] = []
          for item in items {
            for banner in banners {
              var result = [reference_share].zeros(40)
              unsafe reference.with { design, scratch in
                unsafe banner.withPointer(of: UInt8.self) { banner in
                  unsafe item.withPointer(of: UInt8.self) { item in
                    unsafe reference_w2se(design, banner, item, scratch, &result)
                  }
                }
              }
              found += result
            }
          }
          return book.present(found)
        }, slow: nil)
    }
    workload.isGuarded = false
    return workload
  }()
}

/// 40 items by 9 banner columns of a survey like the given one.
private struct ErrorBook {
  let survey: BenchmarkSurvey
  let items = (1...40).map { "item\($0)" }
  let banners = (1...9).map { "banner\($0)" }
  private let design: Design
  private let plan: TabulationPlan

  init(_ given: BenchmarkSurvey, design description: DesignDescription) throws {
    let survey = BenchmarkSurvey(
      rows: given.rows, order: given.order, items: 40, banners: Array(1...9))
    self.survey = survey
    design = try Design(description, in: survey.dataset)
    let banners = self.banners
    plan = TabulationPlan(
      try items.flatMap { item in
        try banners.map { column in
          .init(
            groups: [try survey.factor(column)], cells: try survey.factor(item), moments: .all)
        }
      })
  }

  func shares(threads: Int) -> [Double] {
    design.tabulate(plan, threads: threads).flatMap { table in
      (0..<table.groupCount).flatMap { group in
        let estimator = ShareEstimator(
          table, group: group, design: design, inference: Inference())
        return (0..<5).flatMap { level in
          let estimate = estimator.estimate(of: [level])
          return [estimate.value ?? .nan, estimate.standardError ?? .nan]
        }
      }
    }
  }

  /// The banner levels that there are, of eight a table.
  func present(_ found: [reference_share]) -> [Double] {
    (0..<items.count * banners.count).flatMap { table in
      let groups = BenchmarkSurvey.bannerCategories[table % banners.count]
      return Array(found[table * 40..<table * 40 + groups * 5]).numbers
    }
  }
}

import CReference
import SurveyData
import SurveyStatistics

extension Workload {
  /// W6a: least squares of an item on time and three factors, errors by workplace.
  static let linearTrend = Workload(
    name: "W6a", title: "linear trend, 6 coefficients with their design errors", goal: 1.3
  ) { survey, threads in
    try trend(.linear, survey, threads)
  }

  /// W6b: the same of the two highest answers, logistic.
  static let logisticTrend = Workload(
    name: "W6b", title: "logistic trend, 6 coefficients with their design errors", goal: 1.3
  ) { survey, threads in
    try trend(.logistic, survey, threads)
  }

  private static func trend(
    _ family: ModelFamily, _ small: BenchmarkSurvey, _ threads: Int
  ) throws -> Kernels {
    // The time has six codes, the factors two, two and three.
    let survey = BenchmarkSurvey(rows: small.rows, order: small.order, banners: [1, 2, 3, 7])
    let design = try survey.design()
    let dataset = survey.dataset
    let outcome: ModelOutcome =
      family == .linear
      ? try ModelOutcome(numbersOf: "item1", name: "item1", in: dataset)
      : .yesOrNo(try survey.topTwo("item1"), name: "item1")
    let description = ModelDescription(
      outcome, family: family, terms: try ModelTerms(parsing: "banner7,banner1,banner2,banner3"),
      categorical: ["banner1", "banner2", "banner3"])
    let reference = try ReferenceDesign(survey, threads: threads, scratchPerPSU: 16)
    let codes = try ["banner7", "banner1", "banner2", "banner3", "item1"].map {
      try survey.codes($0)
    }
    let values = (0..<256).map { code -> Double in
      guard code < 5 else { return -1 }
      return family == .linear ? Double(code + 1) : code >= 3 ? 1 : 0
    }
    return Kernels(
      library: {
        let model = try RegressionModel(description, in: dataset, design: design, threads: threads)
        return model.estimates(level: 0.95).flatMap { [$0.estimate!, $0.standardError!] }
      },
      reference: {
        var result = [reference_share].zeros(6)
        unsafe reference.with { design, scratch in
          unsafe codes[0].withPointer(of: UInt8.self) { time in
            unsafe codes[1].withPointer(of: UInt8.self) { a in
              unsafe codes[2].withPointer(of: UInt8.self) { b in
                unsafe codes[3].withPointer(of: UInt8.self) { c in
                  unsafe codes[4].withPointer(of: UInt8.self) { item in
                    unsafe reference_w6(
                      design, time, a, b, c, item, values, family == .logistic ? 1 : 0, scratch,
                      &result)
                  }
                }
              }
            }
          }
        }
        return result.numbers
      }, slow: nil)
  }
}

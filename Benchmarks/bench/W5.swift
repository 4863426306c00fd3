import CReference
import SurveyData
import SurveyStatistics

extension Workload {
  /// W5: weights raked to four margins.
  static let raking = Workload(
    name: "W5", title: "raking to 4 margins", goal: 1.5
  ) {
    survey, threads in
    try rakingKernels(
      survey, threads, columns: ["region", "sector", "banner3", "banner4"])
  }

  /// W5 with the 98 municipalities as a fifth margin.
  static let rakingMunicipalities = Workload(
    name: "W5m", title: "raking to 5 margins, one of 98 municipalities", goal: 1.5
  ) { survey, threads in
    try rakingKernels(
      survey, threads, columns: ["region", "sector", "banner3", "banner4", "municipality"])
  }

  private static func rakingKernels(
    _ survey: BenchmarkSurvey, _ threads: Int, columns: [String]
  ) throws -> Kernels {
    let margins = try survey.tiltedMargins(columns)
    let description = WeightingDescription(
      targets: MarginTargets(path: "bench", margins: margins), startWeight: "weight")
    let design = try Design(DesignDescription(weight: "weight"), in: survey.dataset)
    let step = max(survey.rows / 256, 1)
    let count = (survey.rows + step - 1) / step
    let weights = try survey.numbers("weight")
    let codes = try columns.map { try survey.codes($0) }
    let sizes = margins.map { Int32($0.cells.count) }
    let targets = margins.map { $0.cells.map(\.amount) }
    return Kernels(
      library: {
        let fitted = try description.fitted(
          in: survey.dataset, design: design, threads: threads)
        return fitted.weights.withValues { values in
          (0..<count).map { values[$0 * step] }
        }
      },
      reference: {
        var sample = [Double](repeating: 0, count: count)
        let pointers = codes.map { codes in
          unsafe codes.withSpan(of: UInt8.self) { span in
            unsafe span.withUnsafeBufferPointer { unsafe Optional($0.baseAddress!) }
          }
        }
        let totals = unsafe targets.map { targets in
          let memory = UnsafeMutablePointer<Double>.allocate(capacity: targets.count)
          unsafe memory.initialize(from: targets, count: targets.count)
          return unsafe Optional(UnsafePointer(memory))
        }
        unsafe weights.withPointer(of: Double.self) { weights in
          unsafe pointers.withUnsafeBufferPointer { pointers in
            unsafe sizes.withUnsafeBufferPointer { sizes in
              unsafe totals.withUnsafeBufferPointer { totals in
                let margins = unsafe reference_margins(
                  count: Int32(codes.count), codes: pointers.baseAddress!,
                  sizes: sizes.baseAddress!, targets: totals.baseAddress!,
                  population: targets[0].reduce(0, +))
                _ = unsafe reference_w5(
                  survey.rows, weights, margins, Int32(min(threads, 2)), step, &sample)
              }
            }
          }
        }
        for index in totals.indices { unsafe totals[index]?.deallocate() }
        return sample
      }, slow: nil)
  }
}

extension BenchmarkSurvey {
  /// The sample's own margins, tilted by up to a fifth: what a register might say of it.
  func tiltedMargins(_ columns: [String]) throws -> [MarginTargets.Margin] {
    let place = SourcePlace(file: "bench")
    let weights = try dataset.numbers("weight")
    return try columns.map { name in
      let column = try dataset.categories(name)
      var totals = [Double](repeating: 0, count: column.categories.count)
      weights.withValues { weights in
        column.forEachIndex { row, index in totals[index] += weights[row] }
      }
      // A margin within another (a municipality in its region) must not contradict it: all tilt by
      // what they have in common with the region where there is one.
      let tilted = totals.enumerated().map { index, total in
        name == "municipality" || name == "region"
          ? total : total * (1 + 0.2 * (Double(index * 7 % 5) - 2) / 2)
      }
      let scale = Double(rows) / tilted.reduce(0, +)
      return MarginTargets.Margin(
        columns: [name],
        cells: zip(column.categories, tilted).map {
          .init(codes: [$0.code], amount: $1 * scale, place: place)
        }, place: place)
    }
  }
}

import CReference
import SurveyData

/// The survey as the C reference takes it, and the memory that its kernels work in.
@safe final class ReferenceDesign {
  private let survey: BenchmarkSurvey
  private let weights: Bytes
  private let psus: Bytes
  private let threads: Int
  private let scratch: UnsafeMutableBufferPointer<Double>

  /// - Parameter scratchPerPSU: doubles a PSU that the kernel needs.
  init(_ survey: BenchmarkSurvey, threads: Int, scratchPerPSU: Int) throws {
    self.survey = survey
    self.threads = min(threads, 2)
    weights = try survey.numbers("weight")
    psus = try survey.codes("workplace")
    unsafe scratch = .allocate(capacity: max(1, scratchPerPSU * survey.psuCount))
    unsafe scratch.initialize(repeating: 0)
  }

  deinit { unsafe scratch.deallocate() }

  /// Lends the design and its scratch memory to a C kernel.
  func with(_ body: (reference_design, UnsafeMutablePointer<Double>) -> Void) {
    unsafe weights.withPointer(of: Double.self) { weight in
      unsafe psus.withPointer(of: UInt16.self) { psu in
        unsafe survey.stratumOfPSU.withUnsafeBufferPointer { strata in
          unsafe survey.psusInStratum.withUnsafeBufferPointer { counts in
            let design = unsafe reference_design(
              rows: survey.rows, weight: weight, psu: psu, psus: survey.psuCount,
              stratum_of_psu: strata.baseAddress!, strata: counts.count,
              psus_in_stratum: counts.baseAddress!, threads: Int32(threads))
            unsafe body(design, scratch.baseAddress!)
          }
        }
      }
    }
  }
}

extension Bytes {
  func withPointer<Element: BitwiseCopyable>(
    of type: Element.Type, _ body: (UnsafePointer<Element>) -> Void
  ) {
    withSpan(of: type) { span in
      unsafe span.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
    }
  }
}

extension [reference_share] {
  static func zeros(_ count: Int) -> [reference_share] {
    Array(repeating: reference_share(share: 0, standard_error: 0), count: count)
  }

  /// Share, standard error, share, …
  var numbers: [Double] { flatMap { [$0.share, $0.standard_error] } }
}

import SurveyData
import SurveyFiles
import Testing

@Suite("Replicate weights in a survey file")
struct ReplicateDesignTests {
  private func replicates(_ mapping: String) throws -> ReplicateDescription? {
    let text = "survey: S\ndata: [answers.csv]\ndesign: {weight: w, replicates: \(mapping)}\n"
    return try surveyFile(of: Array(text.utf8), path: "survey.yaml").design.replicates
  }

  @Test("columns, scales, ρ and centring are read")
  func columns() throws {
    let fay = try #require(
      try replicates("{columns: 'w_*', method: fay, rho: 0.3, scale: 0.5, mse: true}"))
    #expect(
      fay
        == ReplicateDescription(
          .columns(["w_*"]), method: .fay, scale: 0.5, rho: 0.3, isCentredOnEstimate: true))
    #expect(
      try replicates("{columns: [a, b], method: jkn, rscales: [0.5, 0.75]}")
        == ReplicateDescription(.columns(["a", "b"]), method: .jkn, rscales: [0.5, 0.75]))
  }

  @Test("without columns they are made from the design")
  func made() throws {
    #expect(
      try replicates("{method: bootstrap, count: 200, seed: 4}")
        == ReplicateDescription(.design(count: 200, seed: 4), method: .bootstrap))
  }

  @Test("a method is needed, and must be known", arguments: ["{columns: w_*}", "{method: jk3}"])
  func faults(mapping: String) {
    #expect(throws: YAMLError.self) { try replicates(mapping) }
  }

  @Test("a pattern names the columns that it fits, in their order")
  func patterns() throws {
    let names = ["w", "w_1", "w_10", "w_2", "x_w_1", "w_"]
    func expanded(_ columns: String...) throws -> [String] {
      try ReplicateDescription(.columns(columns), method: .brr)
        .expandingPatterns(among: names, file: "f").columns
    }
    #expect(try expanded("w_*") == ["w_1", "w_10", "w_2", "w_"])
    #expect(try expanded("w_2", "*_1") == ["w_2", "w_1", "x_w_1"])
    #expect(try expanded("*w*1*") == ["w_1", "w_10", "x_w_1"])
    #expect(throws: ReplicatePatternError.self) { try expanded("y*") }
  }
}

import SurveyData
import SurveyStatistics
import SurveyTables
import SurveyTestSupport
import Testing

@Suite("Run charts")
struct RunChartTests {
  @Test(
    "the limits are those of Anhøj and Olesen 2014, table 1",
    arguments: [(10, 6, 2), (12, 7, 3), (20, 7, 6), (24, 8, 8)])
  func limits(count: Int, run: Int, crossings: Int) {
    #expect(RunChart.runLimit(count) == run)
    #expect(RunChart.crossingLimit(count) == crossings)
  }

  private static func dataset(_ values: [Double?], workers: [Double] = []) -> Dataset {
    let months = values.indices.map { Double(202_101 + $0) }
    var columns = [
      Column(name: "month", values: .numeric(NumericColumn(months))),
      Column(name: "x", values: .numeric(NumericColumn(values))),
    ]
    if !workers.isEmpty {
      columns.append(Column(name: "workers", values: .numeric(NumericColumn(workers))))
    }
    return Dataset(rowCount: values.count, columns: columns)
  }

  @Test("a shift is found, and noise is not")
  func shift() throws {
    let noise = try RunChart(
      "x", period: "month", minimum: 3,
      in: Self.dataset([5, 7, 4, 8, 6.5, 3, 9, 2, 7.5, 4.5, 8.5, 3.5, 9.5, 1]))
    #expect(!noise.isShifted)
    let shift = try RunChart(
      "x", period: "month", band: 0...5, minimum: 3,
      in: Self.dataset([9, 8, 9, 8.5, 9.2, 8.1, 9.3, 2, 2.2, 1.9, 2.4, 2.1, 1.8, 2.3]))
    #expect(shift.isShifted && shift.crossings == 1 && shift.longestRun == 7)
    let format = NumberFormat(language: .en)
    #expect(shift.sentence(in: format).hasPrefix("The figures vary by more than chance"))
    #expect(shift.bandSentence(in: format) == "7 of 14 months within 0–5, 7 above.")
  }

  @Test("few months have no rules, few workers no figure, and persons no chart")
  func refusals() throws {
    let few = try RunChart("x", period: "month", minimum: 3, in: Self.dataset([1, 2, 3, 4]))
    #expect(!few.isShifted && few.sentence(in: NumberFormat(language: .da)).hasPrefix("For få"))
    let small = try RunChart(
      "x", per: "workers", period: "month", minimum: 3,
      in: Self.dataset([10, 20, 30], workers: [5, 2, 6]))
    #expect(small.points.map(\.isWithheld) == [false, true, false])
    #expect(small.points.map(\.value) == [2, nil, 5])
    let persons = Dataset(
      rowCount: 2,
      columns: [
        Column(name: "month", values: .numeric(NumericColumn([1, 1]))),
        Column(name: "x", values: .numeric(NumericColumn([3, 4]))),
      ])
    #expect(throws: RunChartError.self) {
      try RunChart("x", period: "month", minimum: 3, in: persons)
    }
  }
}

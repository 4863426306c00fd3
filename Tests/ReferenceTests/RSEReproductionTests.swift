import SurveyData
import SurveyFiles
import SurveyTables
import SurveyTestSupport
import Testing

/// The tables that the owners of the UK survey of research software engineers 2016 published.
@Suite("The counts of the owners' 2016 tables are reproduced")
struct RSEReproductionTests {
  private static let folder = "data/rse_survey/2016_uk"

  @Test("every count of every column of 27 tables, and its share")
  func counts() throws {
    let published = try Fixture.table("\(Self.folder)/tables.csv")
    var tables: Set<String> = []
    var compared = 0
    for (column, lines) in Dictionary(grouping: published, by: { $0["column"]! }) {
      let reading = try readCSV(
        at: Fixture.path("\(Self.folder)/public_data.csv"), selecting: .only([column: .category]))
      let survey = try ResolvedSurvey(reading.dataset, design: DesignDescription())
      let answer = try survey.table(answering: Question(.shares, of: column))
      for line in lines {
        let place = Comment(rawValue: "\(line["table"]!), \(column), \(line["category"]!)")
        let count = Int(line["count"]!)!
        tables.insert(line["table"]!)
        compared += 1
        guard let category = line["category"], !category.isEmpty else {
          #expect(answer.rows.missing == count, place)
          continue
        }
        let cell = try #require(answer.cells.first { $0.category == category }, place)
        #expect(cell.estimate.count == count, place)
        #expect(cell.estimate.base == answer.rows.used, place)
        expectClose(
          try #require(cell.estimate.value), Double(count) / Double(answer.rows.used),
          relative: 1e-12, place.rawValue)
      }
    }
    #expect(tables.count == 27)
    #expect(compared == 195)
  }
}

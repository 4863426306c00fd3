import Foundation
import SurveyData
import Testing

@Suite("Bytes of columns")
struct BytesTests {
  @Test("values go in and come out, and what is not filled is zero")
  func filled() {
    let values: [Double] = [1.5, -0, .infinity]
    #expect(
      Bytes(values).withSpan(of: Double.self) { span in span.indices.map { span[$0] } } == values)
    let half = Bytes(of: Int32.self, count: 4) { span in span[1] = 7 }
    #expect(half.count == 16)
    #expect(
      half.withSpan(of: Int32.self) { span in span.indices.map { span[$0] } } == [0, 7, 0, 0])
    #expect(Bytes([UInt8]()).count == 0)
  }

  @Test("a part shares its whole and keeps it alive, and a remainder is left out")
  func parts() {
    func part() -> Bytes { Bytes(Bytes(Array(UInt8(0)..<20)), range: 4..<14) }
    let bytes = part()
    #expect(bytes.count == 10)
    #expect(bytes.withSpan(of: UInt8.self) { ($0.count, $0[0], $0[9]) } == (10, 4, 13))
    #expect(bytes.withSpan(of: UInt32.self) { $0.count } == 2)
  }

  @Test("a file is mapped; an empty one has no bytes; none is there, or a folder: nil")
  func mapping() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pejling-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a").path
    try Data("abc".utf8).write(to: URL(filePath: file))
    let bytes = try #require(Bytes(mapping: file))
    #expect(
      bytes.withSpan(of: UInt8.self) { span in span.indices.map { span[$0] } } == Array("abc".utf8))
    try Data().write(to: URL(filePath: file))
    #expect(Bytes(mapping: file)?.count == 0)
    #expect(Bytes(mapping: folder.path) == nil)
    #expect(Bytes(mapping: file + "-not") == nil)
  }

  @Test(
    "a dictionary of categories takes the narrowest width that holds it",
    arguments: [(1, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)])
  func widths(categories: Int, bytes: Int) {
    let column = CategoricalColumn(
      categories: (0..<categories).map { SurveyData.Category(code: "\($0)") },
      indices: [0, categories - 1])
    #expect(column.width.rawValue == bytes)
    #expect(column.rowCount == 2)
    #expect(column.index(at: 1) == categories - 1)
    #expect(column.frequencies().reduce(0, +) == 2)
  }
}

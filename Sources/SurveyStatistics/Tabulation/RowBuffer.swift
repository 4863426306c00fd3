import SurveyData

/// The cells and numbers of a run of rows in design order, small enough for the nearest cache.
struct RowBuffer: Sendable {
  /// The design positions at hand.
  private(set) var rows = 0..<0
  /// A cell index a row.
  private(set) var cells: [UInt32]
  /// Numbers of the first sum's rows, then of the next, `CellReader.capacity` apart.
  private(set) var numbers: [Double]
  private let sums: Int
  /// Codes are read in the place of cells.
  private let readsCodes: Bool

  init(sums: Int, readsCodes: Bool = false) {
    self.readsCodes = readsCodes
    cells = Array(repeating: 0, count: CellReader.capacity)
    numbers = Array(repeating: 0, count: CellReader.capacity * sums)
    self.sums = sums
  }

  /// Reads on from `start`, unless it is at hand.
  mutating func fill(from start: Int, reader: CellReader, design: Design) {
    guard !rows.contains(start) else { return }
    rows = start..<min(start + CellReader.capacity, design.rowCount)
    if readsCodes {
      reader.readCodes(from: start, count: rows.count, into: &cells)
    } else {
      reader.read(from: start, count: rows.count, into: &cells)
    }
    for sum in 0..<sums {
      reader.readNumbers(
        sum, from: start, count: rows.count, into: &numbers, at: sum * CellReader.capacity)
    }
  }
}

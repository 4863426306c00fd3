import SurveyData

/// A column as it was decoded: its values as they stand in the file, or codes that lanes gave them.
struct RawColumn: Sendable {
  /// The different values that one lane met, by its codes.
  enum LaneValues: Sendable {
    case words([UInt64])
    case strings([ArraySlice<UInt8>])
  }

  enum Store: Sendable {
    /// One byte a row, a code of the row's lane.
    case codes8
    /// Four bytes a row, likewise.
    case codes32
    /// The eight bytes of each row's value, numbers in the machine's byte order.
    case words
  }

  let variable: LabelledVariable
  let role: ColumnRole
  let store: Store
  let rows: ScratchRows
  let rowCount: Int
  /// Which lane gave which rows their codes: ascending and without gaps.
  let runs: [(firstRow: Int, count: Int, lane: Int)]
  let lanes: [LaneValues]
  let systemMissing: Double
}

/// The word of a missing value with a letter: a NaN that carries it.
func taggedWord(_ tag: UInt8) -> UInt64 { 0x7FF8_7A67_0000_0000 | UInt64(tag) }

/// The letter of a missing value that has one.
func tag(ofWord word: UInt64) -> UInt8? {
  word & ~0xFF == 0x7FF8_7A67_0000_0000 && word & 0xFF != 0 ? UInt8(word & 0xFF) : nil
}

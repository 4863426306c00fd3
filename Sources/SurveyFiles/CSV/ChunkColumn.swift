import SurveyData
import Synchronization

/// The values of one column in one chunk, as one lane read them.
struct ChunkColumn: Sendable {
  enum Kind: Sendable {
    case codes8, codes32, numbers

    var size: Int {
      switch self {
      case .codes8: 1
      case .codes32: 4
      case .numbers: 8
      }
    }
  }

  var kind: Kind
  /// Where its first value is in the column's memory.
  let firstRow: Int
  /// The rows read so far.
  var count = 0
}

/// Memory for the values of as many columns as are read.
///
/// Codes of one byte, which nearly every column has at least for a while, share one piece: in large pages
/// it is filled with a fraction of the page faults.
func columnMemories(_ count: Int, rowCount: Int) -> [ColumnMemory] {
  let size = (rowCount + 63) & ~63
  let codes = BlankMemory(byteCount: count * size)
  return (0..<count).map { index in
    ColumnMemory(rowCount: rowCount, codes: BlankMemory(codes, index * size..<(index + 1) * size))
  }
}

/// Memory for one column's values, in which every chunk has its place from the start: where it would be
/// if every line break before it ended a good row. Nearly always that is where the values stay.
///
/// One piece of memory for each kind, those for wider values mapped when the first chunk needs them.
@safe final class ColumnMemory: Sendable {
  private let rowCount: Int
  private let codes: BlankMemory
  private let wide = Mutex<(codes: BlankMemory?, numbers: BlankMemory?)>((nil, nil))

  fileprivate init(rowCount: Int, codes: BlankMemory) {
    self.rowCount = rowCount
    self.codes = codes
  }

  /// The memory for values of a kind.
  subscript(kind: ChunkColumn.Kind) -> BlankMemory {
    if kind == .codes8 { return codes }
    return wide.withLock { wide in
      let known = kind == .numbers ? wide.numbers : wide.codes
      if let known { return known }
      let memory = BlankMemory(byteCount: rowCount * kind.size)
      if kind == .numbers { wide.numbers = memory } else { wide.codes = memory }
      return memory
    }
  }

  /// Where a chunk's values begin.
  func start(of chunk: ChunkColumn) -> UnsafeMutableRawPointer {
    unsafe self[chunk.kind].start + chunk.firstRow * chunk.kind.size
  }
}

import SurveyData
import Synchronization

/// The values of one column in one chunk, as one lane read them.
struct ChunkColumn: Sendable {
  enum Kind: Int, Sendable, CaseIterable {
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

/// Memory for one column's values, in which every chunk has its place from the start: where it would be
/// if every line break before it ended a good row. Nearly always that is where the values stay.
///
/// One piece of memory for each kind, mapped when the first chunk needs it.
@safe final class ColumnMemory: Sendable {
  private let rowCount: Int
  private let pieces = Mutex<[BlankMemory?]>(
    Array(repeating: nil, count: ChunkColumn.Kind.allCases.count))

  init(rowCount: Int) { self.rowCount = rowCount }

  /// The memory for values of a kind.
  subscript(kind: ChunkColumn.Kind) -> BlankMemory {
    pieces.withLock { pieces in
      if let piece = pieces[kind.rawValue] { return piece }
      let piece = BlankMemory(byteCount: rowCount * kind.size)
      pieces[kind.rawValue] = piece
      return piece
    }
  }

  /// Where a chunk's values begin.
  func start(of chunk: ChunkColumn) -> UnsafeMutableRawPointer {
    unsafe self[chunk.kind].start + chunk.firstRow * chunk.kind.size
  }
}

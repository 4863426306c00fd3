import SurveyData

/// A table from the codes of one column, or of two short ones together, to cell offsets.
///
/// Two columns of one byte share a table where it stays small: one look-up a row instead of two, and
/// no sum that could run past the last cell.
struct CellLookup: Sendable {
  private enum Codes: Sendable {
    case one(CategoricalColumn)
    case two(CategoricalColumn, CategoricalColumn)
    /// Codes that are levels: `offsets` are multiples of a stride.
    case multiplied(CategoricalColumn, stride: UInt32)
  }

  /// Joint tables up to this size stay in the first-level cache.
  private static let largestJointTable = 4096

  private let codes: Codes
  /// By code; of two columns, by the first's code × the number of the second's + the second's code.
  let offsets: [UInt32]

  /// Look-ups for factors, each with its column in design order and its offset by code.
  static func lookups(
    _ factors: [(column: CategoricalColumn, offsets: [UInt32])], outside: UInt32, multiplies: Bool
  ) -> [CellLookup] {
    var lookups: [CellLookup] = []
    var rest = factors[...]
    while let first = rest.popFirst() {
      if multiplies, let stride = stride(of: first.offsets) {
        lookups.append(
          CellLookup(
            codes: .multiplied(first.column, stride: stride), offsets: first.offsets))
      } else if let second = rest.first, first.column.width == .one, second.column.width == .one,
        first.offsets.count * second.offsets.count <= largestJointTable
      {
        let joint = first.offsets.flatMap { offset in
          second.offsets.map { min(offset &+ $0, outside) }
        }
        lookups.append(CellLookup(codes: .two(first.column, second.column), offsets: joint))
        rest.removeFirst()
      } else {
        lookups.append(
          CellLookup(codes: .one(first.column), offsets: first.offsets.map { min($0, outside) }))
      }
    }
    return lookups
  }

  /// The stride whose multiples offsets are, code by code; `nil` where they are not.
  private static func stride(of offsets: [UInt32]) -> UInt32? {
    let stride = offsets.count > 1 ? offsets[1] : 0
    return offsets.indices.allSatisfy { offsets[$0] == UInt32($0) &* stride } ? stride : nil
  }

  /// Sets, or adds to, the cells of the design positions from `start`.
  ///
  /// - Precondition: `cells` has room for `count`, and `Cell` for the offsets.
  func read<Cell: FixedWidthInteger & BitwiseCopyable>(
    from start: Int, count: Int, adding: Bool, to cells: UnsafeMutablePointer<Cell>
  ) {
    switch codes {
    case .one(let column):
      switch column.width {
      case .one:
        unsafe read(UInt8.self, column, from: start, count: count, adding: adding, to: cells)
      case .two:
        unsafe read(UInt16.self, column, from: start, count: count, adding: adding, to: cells)
      case .four:
        unsafe read(UInt32.self, column, from: start, count: count, adding: adding, to: cells)
      }
    case .multiplied(let column, let stride):
      let stride = Cell(stride)
      switch column.width {
      case .one:
        unsafe multiply(
          UInt8.self, column, from: start, count: count, by: stride, adding: adding, to: cells)
      case .two:
        unsafe multiply(
          UInt16.self, column, from: start, count: count, by: stride, adding: adding, to: cells)
      case .four:
        unsafe multiply(
          UInt32.self, column, from: start, count: count, by: stride, adding: adding, to: cells)
      }
    case .two(let major, let minor):
      major.bytes.withSpan(of: UInt8.self) { major in
        minor.bytes.withSpan(of: UInt8.self) { minorCodes in
          unsafe readJoint(
            major.extracting(start..<start + count),
            minorCodes.extracting(start..<start + count),
            minorCount: minor.categories.count, adding: adding, to: cells)
        }
      }
    }
  }

  /// The codes themselves, instead of their offsets: sums that vectors do.
  func readCodes(from start: Int, count: Int, to codes: UnsafeMutablePointer<UInt32>) {
    func widen<Code: FixedWidthInteger & BitwiseCopyable>(
      _ type: Code.Type, _ bytes: Bytes, _ codes: UnsafeMutablePointer<UInt32>
    ) {
      bytes.withSpan(of: Code.self) { span in
        let span = span.extracting(start..<start + count)
        for row in span.indices {
          unsafe codes[row] = UInt32(truncatingIfNeeded: span[unchecked: row])
        }
      }
    }
    switch self.codes {
    case .one(let column), .multiplied(let column, _):
      switch column.width {
      case .one: unsafe widen(UInt8.self, column.bytes, codes)
      case .two: unsafe widen(UInt16.self, column.bytes, codes)
      case .four: unsafe widen(UInt32.self, column.bytes, codes)
      }
    case .two(let major, let minor):
      let minorCount = UInt16(minor.categories.count)
      major.bytes.withSpan(of: UInt8.self) { major in
        minor.bytes.withSpan(of: UInt8.self) { minor in
          let major = major.extracting(start..<start + count)
          let minor = minor.extracting(start..<start + count)
          for row in major.indices {
            // Below `largestJointTable`.
            let code =
              unsafe UInt16(major[unchecked: row]) &* minorCount &+ UInt16(minor[unchecked: row])
            unsafe codes[row] = UInt32(code)
          }
        }
      }
    }
  }

  // `cells` is a pointer: behind a span of a buffer that a closure captures, each row would load the
  // buffer's address anew, and no vector form would come of it (a third of W2's time).
  //
  // The dictionary covers every stored code, and `offsets` covers the dictionary: an invariant of
  // the column.

  private func read<
    Code: FixedWidthInteger & BitwiseCopyable, Cell: FixedWidthInteger & BitwiseCopyable
  >(
    _ type: Code.Type, _ column: CategoricalColumn, from start: Int, count: Int, adding: Bool,
    to cells: UnsafeMutablePointer<Cell>
  ) {
    let offsets = self.offsets.span
    column.bytes.withSpan(of: Code.self) { codes in
      let codes = codes.extracting(start..<start + count)
      if adding {
        for row in codes.indices {
          let offset = unsafe offsets[unchecked: Int(codes[unchecked: row])]
          unsafe cells[row] &+= Cell(truncatingIfNeeded: offset)
        }
      } else {
        for row in codes.indices {
          let offset = unsafe offsets[unchecked: Int(codes[unchecked: row])]
          unsafe cells[row] = Cell(truncatingIfNeeded: offset)
        }
      }
    }
  }

  private func multiply<
    Code: FixedWidthInteger & BitwiseCopyable, Cell: FixedWidthInteger & BitwiseCopyable
  >(
    _ type: Code.Type, _ column: CategoricalColumn, from start: Int, count: Int, by stride: Cell,
    adding: Bool, to cells: UnsafeMutablePointer<Cell>
  ) {
    column.bytes.withSpan(of: Code.self) { codes in
      let codes = codes.extracting(start..<start + count)
      if adding {
        for row in codes.indices {
          unsafe cells[row] &+= Cell(truncatingIfNeeded: codes[unchecked: row]) &* stride
        }
      } else {
        for row in codes.indices {
          unsafe cells[row] = Cell(truncatingIfNeeded: codes[unchecked: row]) &* stride
        }
      }
    }
  }

  private func readJoint<Cell: FixedWidthInteger & BitwiseCopyable>(
    _ major: Span<UInt8>, _ minor: Span<UInt8>, minorCount: Int, adding: Bool,
    to cells: UnsafeMutablePointer<Cell>
  ) {
    precondition(minor.count == major.count)
    let offsets = self.offsets.span
    if adding {
      for row in major.indices {
        let code = unsafe Int(major[unchecked: row]) &* minorCount &+ Int(minor[unchecked: row])
        unsafe cells[row] &+= Cell(truncatingIfNeeded: offsets[unchecked: code])
      }
    } else {
      for row in major.indices {
        let code = unsafe Int(major[unchecked: row]) &* minorCount &+ Int(minor[unchecked: row])
        unsafe cells[row] = Cell(truncatingIfNeeded: offsets[unchecked: code])
      }
    }
  }
}

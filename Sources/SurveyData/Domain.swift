/// A subpopulation: a mask over the rows. The rows outside stay in the design.
public struct Domain: Sendable {
  /// One byte a row: 1 inside, 0 outside.
  package let mask: Bytes
  /// The number of rows inside.
  public let count: Int

  /// - Precondition: every byte is 0 or 1.
  package init(mask: Bytes) {
    self.mask = mask
    count = mask.withSpan(of: UInt8.self) { span in
      var sum = 0
      for row in span.indices { sum += Int(span[row]) }
      return sum
    }
  }

  public init(_ rows: [Bool]) {
    self.init(mask: Bytes(rows.map { $0 ? UInt8(1) : 0 }))
  }

  /// The rows that are in both.
  package func intersection(_ other: Domain) -> Domain {
    Domain(
      mask: Bytes(of: UInt8.self, count: mask.count) { span in
        mask.withSpan(of: UInt8.self) { left in
          other.mask.withSpan(of: UInt8.self) { right in
            for row in left.indices { span[row] = left[row] & right[row] }
          }
        }
      })
  }
}

extension Domain {
  /// The rows that are not in it.
  package var complement: Domain {
    Domain(
      mask: Bytes(of: UInt8.self, count: mask.count) { span in
        mask.withSpan(of: UInt8.self) { mask in
          for row in mask.indices { span[row] = 1 - mask[row] }
        }
      })
  }
}

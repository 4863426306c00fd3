import SurveyData
import Synchronization

/// Columns put in design order, each on its first use: passes then read from front to back, however
/// the rows of the file come.
///
/// A copy lives as long as the column that it was made of.
final class ArrangedColumns: Sendable {
  private struct Entry {
    weak var source: Bytes?
    let arranged: Bytes
  }

  private let order: [Int32]
  private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

  init(order: [Int32]) { self.order = order }

  /// The values of a column in design order.
  func arranged<Value: BitwiseCopyable>(_ bytes: Bytes, of type: Value.Type) -> Bytes {
    let known = entries.withLock { entries -> Bytes? in
      guard let entry = entries[ObjectIdentifier(bytes)], entry.source === bytes else { return nil }
      return entry.arranged
    }
    if let known { return known }
    let order = self.order
    let arranged = bytes.withSpan(of: type) { values in
      Bytes(of: type, count: order.count) { span in
        for position in order.indices { span[position] = values[Int(order[position])] }
      }
    }
    entries.withLock { entries in
      entries = entries.filter { $0.value.source != nil }
      entries[ObjectIdentifier(bytes)] = Entry(source: bytes, arranged: arranged)
    }
    return arranged
  }
}

extension Design {
  /// A column's indices in design order.
  func inOrder(_ column: CategoricalColumn) -> CategoricalColumn {
    guard let arrangedColumns else { return column }
    let bytes =
      switch column.width {
      case .one: arrangedColumns.arranged(column.bytes, of: UInt8.self)
      case .two: arrangedColumns.arranged(column.bytes, of: UInt16.self)
      case .four: arrangedColumns.arranged(column.bytes, of: UInt32.self)
      }
    let hasEveryRow = bytes.count == column.bytes.count
    return CategoricalColumn(
      categories: column.categories, width: column.width, bytes: bytes,
      countedFrequencies: hasEveryRow ? column.countedFrequencies : nil)
  }

  /// A factor's indices in design order.
  func inOrder(_ factor: TabulationPlan.Factor) -> CategoricalColumn {
    factor.isInDesignOrder ? factor.column : inOrder(factor.column)
  }

  /// A column's numbers in design order.
  func inOrder(_ column: NumericColumn) -> NumericColumn {
    guard let arrangedColumns else { return column }
    return NumericColumn(bytes: arrangedColumns.arranged(column.bytes, of: Double.self))
  }

  /// A domain's mask in design order.
  func inOrder(_ domain: Domain) -> Bytes {
    arrangedColumns?.arranged(domain.mask, of: UInt8.self) ?? domain.mask
  }
}

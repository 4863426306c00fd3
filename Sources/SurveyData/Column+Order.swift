extension Column {
  /// The same answers with the rows in another order: each row is the one that `rows` names.
  package func rearranged(by rows: [Int32]) -> Column {
    switch values {
    case .numeric(let column):
      Column(
        name: name,
        values: .numeric(
          NumericColumn(
            bytes: column.bytes.gathered(rows, of: Double.self),
            reasons: column.reasons?.gathered(rows, of: UInt8.self), missing: column.missing)))
    case .categorical(let column):
      Column(name: name, values: .categorical(column.rearranged(by: rows)))
    }
  }
}

extension CategoricalColumn {
  fileprivate func rearranged(by rows: [Int32]) -> CategoricalColumn {
    let bytes =
      switch width {
      case .one: self.bytes.gathered(rows, of: UInt8.self)
      case .two: self.bytes.gathered(rows, of: UInt16.self)
      case .four: self.bytes.gathered(rows, of: UInt32.self)
      }
    var column = CategoricalColumn(categories: categories, width: width, bytes: bytes)
    column.areNumbersAmbiguous = areNumbersAmbiguous
    return column
  }
}

extension Bytes {
  fileprivate func gathered<Value: BitwiseCopyable>(
    _ rows: [Int32], of type: Value.Type
  ) -> Bytes {
    withSpan(of: type) { values in
      Bytes(of: type, count: rows.count) { span in
        for position in rows.indices { span[position] = values[Int(rows[position])] }
      }
    }
  }
}

extension Dataset {
  /// The rows as they stood in the source, where a column store has put them in design order.
  package var inSourceOrder: Dataset {
    guard let originalRows = source.originalRows else { return self }
    var rows = [Int32](repeating: 0, count: rowCount)
    originalRows.withSpan(of: Int32.self) { original in
      for row in original.indices { rows[Int(original[row])] = Int32(row) }
    }
    var source = source
    source.originalRows = nil
    source.designOrder = nil
    return Dataset(
      rowCount: rowCount, columns: columns.map { $0.rearranged(by: rows) }, codebook: codebook,
      source: source)
  }
}

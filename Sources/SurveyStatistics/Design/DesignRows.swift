/// Dataset rows in an order. All rows as they come, the ordinary case, take no memory and no pass.
struct DesignRows: Sendable {
  let count: Int
  /// `nil` where every row stands at its own place.
  let list: [Int32]?

  /// All rows of a dataset as they come.
  init(all count: Int) {
    self.count = count
    list = nil
  }

  /// - Parameter total: the rows of the dataset.
  init(_ list: [Int32], of total: Int) {
    count = list.count
    let isWhole = list.count == total && list.indices.allSatisfy { list[$0] == Int32($0) }
    self.list = isWhole ? nil : list
  }

  /// The dataset row at the last position; -1 of none.
  var last: Int { count == 0 ? -1 : self[count - 1] }

  /// The dataset row at a position.
  subscript(position: Int) -> Int {
    if let list { Int(list[position]) } else { position }
  }
}

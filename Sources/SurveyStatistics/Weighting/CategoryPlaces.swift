/// The places of a margin's categories by their codes, one a column.
struct CategoryPlaces: Sendable {
  // Nearly all margins have one column, and a string is hashed faster than an array of one.
  private var ofOne: [String: Int] = [:]
  private var ofMany: [[String]: Int] = [:]

  init(capacity: Int, columns: Int) {
    if columns == 1 { ofOne.reserveCapacity(capacity) } else { ofMany.reserveCapacity(capacity) }
  }

  subscript(codes: [String]) -> Int? { codes.count == 1 ? ofOne[codes[0]] : ofMany[codes] }

  subscript(code: String) -> Int? { ofOne[code] }

  /// The place that the codes have already; else they get this one.
  mutating func place(of codes: [String], orAt place: Int) -> Int {
    if codes.count == 1 {
      guard let known = ofOne.updateValue(place, forKey: codes[0]) else { return place }
      ofOne[codes[0]] = known
      return known
    }
    guard let known = ofMany.updateValue(place, forKey: codes) else { return place }
    ofMany[codes] = known
    return known
  }
}

import SurveyData

/// The multiple-response sets of an SPSS file that ReadStat writes, which itself knows none: a record
/// put in before the one that ends the dictionary.
struct WrittenResponseSets {
  /// With the columns by the names that they have in the file.
  private let sets: [MultiResponseSet]
  /// The dictionary as far as it is written; sets name variables by the short names in it.
  private var dictionary: [UInt8] = []
  /// The bytes of the record.
  private(set) var inserted = 0
  /// Where the cases begin.
  private(set) var dataStart = 0

  init(_ sets: [MultiResponseSet]) { self.sets = sets }

  /// Takes the next bytes of the dictionary; gives it back whole, with the record, at its end.
  ///
  /// - Throws: a `SAVError` where what ReadStat wrote is no dictionary.
  @unsafe mutating func take(_ bytes: UnsafeRawBufferPointer) throws(SAVError) -> [UInt8]? {
    unsafe dictionary.append(contentsOf: bytes)
    let end: [UInt8] = [0xE7, 0x03, 0, 0, 0, 0, 0, 0]
    guard bytes.count == end.count, unsafe bytes.elementsEqual(end) else { return nil }
    let written = Bytes(dictionary)
    var cursor = SAVCursor(written, file: "", record: .header)
    let entries = try SAVDictionary(try cursor.records(), file: "").entries
    var shortNames: [String: String] = [:]
    for entry in entries { shortNames[entry.variable.name] = entry.shortName }
    var lines: [UInt8] = []
    for set in sets {
      let columns = set.columns.compactMap { shortNames[$0]?.lowercased() }
      guard !columns.isEmpty else { continue }
      // Those of joined answers have become dichotomies.
      if case .joined = set.coding { continue }
      let label = Array(set.label[.da].utf8)
      lines += Array("$\(set.name.drop { $0 == "$" })=".utf8)
      switch set.coding {
      case .dichotomies: lines += Array("D\(set.selected.utf8.count) \(set.selected) ".utf8)
      case .categories, .ranked: lines += Array("C ".utf8)
      case .joined: break
      }
      lines += Array("\(label.count) ".utf8) + label
      for column in columns { lines += Array(" \(column)".utf8) }
      lines.append(lineFeed)
    }
    var record: [UInt8] = []
    if !lines.isEmpty {
      for word in [7, 7, 1, Int32(lines.count)] { record += littleEndian(word) }
      record += lines
    }
    inserted = record.count
    dataStart = dictionary.count + record.count
    return dictionary.dropLast(end.count) + record + end
  }

  private func littleEndian(_ word: Int32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * Int32($0))) }
  }

  /// Moves the places that a `.zsav` file names on by the record's bytes.
  func moveBlocks(of file: FileWriter) throws(UnwritableFile) {
    guard inserted > 0 else { return }
    let moved = Int64(inserted)
    try file.change(at: dataStart) { $0 + moved }
    let table = try file.change(at: dataStart + 8) { $0 + moved }
    let length = try file.change(at: dataStart + 16) { $0 }
    var entry = Int(table) + 24
    while entry < Int(table) + Int(length) {
      try file.change(at: entry) { $0 + moved }
      try file.change(at: entry + 8) { $0 + moved }
      entry += 24
    }
  }
}

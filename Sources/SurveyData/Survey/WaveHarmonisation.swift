/// How one wave asked a variable, where it asked otherwise than the survey file says.
public struct WaveHarmonisation: Sendable, Hashable {
  /// The column's name in that wave; `nil` where it is the same.
  public var source: String?
  /// Old code to new code; empty where codes are the same.
  public var codes: [DerivedVariable.Recoding]
  /// Whether answers can be held against those of other waves. If not, the wave counts as not asked.
  public var isComparable: Bool
  public var place: SourcePlace

  public init(
    source: String? = nil, codes: [DerivedVariable.Recoding] = [], isComparable: Bool = true,
    place: SourcePlace
  ) {
    self.source = source
    self.codes = codes
    self.isComparable = isComparable
    self.place = place
  }
}

extension SurveyVariable {
  /// Every column of the data that it may stand in, the usual one first.
  var sources: [String] {
    var result = [source]
    for wave in waves.keys.sorted() {
      if let other = waves[wave]?.source, !result.contains(other) { result.append(other) }
    }
    return result
  }

  /// The column of a wave; `nil` where the wave cannot be compared.
  func source(inWave wave: String?) -> String? {
    guard let harmonisation = wave.flatMap({ waves[$0] }) else { return source }
    return harmonisation.isComparable ? harmonisation.source ?? source : nil
  }
}

extension Column.Values {
  /// The values with old codes in place of which new ones stand.
  ///
  /// - Throws: for a valid code that the map says nothing of.
  func harmonised(
    by harmonisation: WaveHarmonisation, variable: String, wave: String, in part: Dataset
  ) throws(SurveyFileError) -> Column.Values {
    guard !harmonisation.codes.isEmpty else { return self }
    let column = asCategories
    let map = Dictionary(
      harmonisation.codes.map { ($0.from, $0.to) }, uniquingKeysWith: { first, _ in first })
    let isStrange = { (category: Category) in
      category.missing == nil && map[category.code] == nil
    }
    if let (index, rows, first) = column.firstRow(where: isStrange) {
      throw .notRecoded(
        "\(variable), wave \(wave)", code: column.categories[index].code, rows: rows,
        first: part.source.place(ofRow: first), place: harmonisation.place)
    }
    var categories: [Category] = []
    let positions = column.categories.map { category -> Int in
      var new = category
      if category.missing == nil { new.code = map[category.code] ?? category.code }
      if let known = categories.firstIndex(of: new) { return known }
      categories.append(new)
      return categories.count - 1
    }
    return .categorical(column.recoded(to: categories, map: positions))
  }
}

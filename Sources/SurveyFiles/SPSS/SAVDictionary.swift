import SurveyData

/// The dictionary of an SPSS file: its variables with names, labels and missing values as texts.
struct SAVDictionary: Sendable {
  /// A variable and where its bytes stand in a case.
  struct Entry: Sendable {
    var variable: LabelledVariable
    /// The name of eight bytes, as the file's other records call it.
    let shortName: String
    let format: SAVFormat
    /// The first byte in a case.
    let offset: Int
    /// Bytes of a string; more than 255 are spread over segments of 256 bytes.
    let width: Int
    let isNumber: Bool
    /// The number of its variable record, counted from 0.
    let record: Int
  }

  let header: SAVHeader
  let coding: TextCoding
  var entries: [Entry]
  /// The bytes of a case.
  let caseBytes: Int
  let systemMissing: Double
  let dataStart: Int
  let fileLabel: String
  let documents: [String]
  /// The variable by which SPSS weights the cases.
  private(set) var weight: String?
  var multiResponseSets: [MultiResponseSet]
  var warnings: [String]

  init(_ records: SAVRecords, file: String) throws(SAVError) {
    let information = records.information
    let encodingName = information.encoding.map { String(decoding: $0.trimmed, as: UTF8.self) }
    guard
      let coding = TextCoding(encoding: encodingName, characterCode: information.characterCode)
    else {
      throw .unsupported(
        file: file, field: "the text encoding",
        value: encodingName ?? String(information.characterCode ?? 0), offset: 0)
    }
    let decoder = TextDecoder(coding)
    self.coding = coding
    header = records.header
    caseBytes = records.elementCount * 8
    systemMissing = information.systemMissing ?? -Double.greatestFiniteMagnitude
    dataStart = records.dataStart
    fileLabel = decoder.text(records.header.label)
    documents = records.documents.map { decoder.text($0) }
    weight = nil
    warnings = []
    multiResponseSets = []
    entries = []

    let isBigEndian = records.header.isBigEndian
    let widths = veryLongWidths(information.veryLongStrings, decoder)
    var ownerOfElement: [Int: Int] = [:]
    var index = 0
    while index < records.variables.count {
      let record = records.variables[index]
      let shortName = decoder.text(record.name)
      var width = record.width
      var segments = 1
      if let veryLong = widths[shortName.uppercased()], veryLong > 255, width == 255 {
        segments = (veryLong + 251) / 252
        guard index + segments <= records.variables.count,
          records.variables[index..<index + segments].dropLast().allSatisfy({ $0.width == 255 }),
          records.variables[index + segments - 1].elementCount * 8 >= veryLong - 255
            * (segments - 1)
        else {
          throw .unusable(
            .veryLongStrings, file: file, offset: 0, field: "a width of", value: veryLong)
        }
        width = veryLong
      }
      var variable = LabelledVariable(
        name: shortName, label: decoder.text(record.label),
        storage: width == 0 ? .number : .text(width: width),
        format: record.format.text(stringWidth: width),
        moment: width == 0 ? record.format.moment : nil)
      variable.missing = missingRule(record, decoder, isBigEndian: isBigEndian)
      ownerOfElement[record.element] = entries.count
      entries.append(
        Entry(
          variable: variable, shortName: shortName, format: record.format,
          offset: record.element * 8, width: width, isNumber: width == 0, record: index))
      index += segments
    }
    let weightIndex = records.header.weightIndex
    let weightEntry = weightIndex > 0 ? ownerOfElement[weightIndex - 1] : nil

    for set in records.labelSets {
      let texts = set.labels.map { decoder.text($0.text) }
      for element in set.elements {
        guard let owner = ownerOfElement[element] else { continue }
        for (label, text) in zip(set.labels, texts) {
          let value: FileValue =
            entries[owner].isNumber
            ? .number(label.value.double(isBigEndian: isBigEndian))
            : .text(decoder.text(label.value.prefix(entries[owner].width)))
          if case .number(let number) = value, number.isNaN || number == systemMissing { continue }
          entries[owner].variable.labels.append((value, text))
        }
      }
    }
    measure(information.display, recordCount: records.variables.count)
    name(information.longNames, decoder)
    addLongStrings(information, decoder)
    weight = weightEntry.map { entries[$0].variable.name }
    multiResponseSets = SAVMultiResponse(entries).sets(information.multiResponseSets, decoder)
    if decoder.metInvalidBytes {
      warnings.append(
        "\(file): some labels are no valid \(coding.name), as the file says they are; what cannot "
          + "be read shows as \u{FFFD}.")
    }
  }

  /// Measurement levels: two or three numbers a variable record, segments of strings included.
  private mutating func measure(_ display: [Int], recordCount: Int) {
    guard display.count == 2 * recordCount || display.count == 3 * recordCount else { return }
    let step = display.count / recordCount
    for index in entries.indices {
      entries[index].variable.measurement =
        switch display[entries[index].record * step] {
        case 1: .nominal
        case 2: .ordinal
        case 3: .scale
        default: nil
        }
    }
  }

  /// Long names over the short ones; a name that is taken or empty gets a number.
  private mutating func name(_ longNames: [UInt8], _ decoder: TextDecoder) {
    var names: [String: String] = [:]
    for pair in longNames.split(separator: tab) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
      guard parts.count == 2 else { continue }
      names[decoder.text(parts[0]).uppercased()] = decoder.text(parts[1])
    }
    var taken: Set<String> = []
    for index in entries.indices {
      let short = entries[index].shortName
      var name = names[short.uppercased()] ?? short
      if name.isEmpty { name = "VAR\(index + 1)" }
      var candidate = name
      var number = 2
      while !taken.insert(candidate).inserted {
        candidate = "\(name)_\(number)"
        number += 1
      }
      entries[index].variable.name = candidate
    }
  }

  private mutating func addLongStrings(_ information: SAVInformation, _ decoder: TextDecoder) {
    var positions: [String: Int] = [:]
    for (index, entry) in entries.enumerated().reversed() { positions[entry.shortName] = index }
    for (index, entry) in entries.enumerated().reversed() { positions[entry.variable.name] = index }
    for record in information.longStringLabels {
      guard let index = positions[decoder.text(record.variable)], !entries[index].isNumber else {
        continue
      }
      for label in record.labels {
        entries[index].variable.labels.append(
          (.text(decoder.text(label.value)), decoder.text(label.text)))
      }
    }
    for record in information.longStringMissing {
      guard let index = positions[decoder.text(record.variable)], !entries[index].isNumber else {
        continue
      }
      entries[index].variable.missing.values += record.values.map { .text(decoder.text($0)) }
    }
  }
}

/// The widths of very long strings by their short names in capitals: `NAME=00500`, each with a zero
/// byte and a tab behind it.
private func veryLongWidths(_ bytes: [UInt8], _ decoder: TextDecoder) -> [String: Int] {
  var widths: [String: Int] = [:]
  for pair in bytes.split(whereSeparator: { $0 == tab || $0 == 0 }) {
    let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1)
    guard parts.count == 2, let width = Int(decoder.text(parts[1])), width <= 32_767 else {
      continue
    }
    widths[decoder.text(parts[0]).uppercased()] = width
  }
  return widths
}

private func missingRule(
  _ record: SAVRecords.VariableRecord, _ decoder: TextDecoder, isBigEndian: Bool
) -> MissingRule {
  var rule = MissingRule()
  if record.width > 0 {
    rule.values = record.missingValues.map { .text(decoder.text($0.prefix(record.width))) }
    return rule
  }
  var numbers = record.missingValues.map { $0.double(isBigEndian: isBigEndian) }
  if record.hasMissingRange, numbers.count >= 2 {
    // LO and HI are the numbers at the ends of what a double can be.
    let low = numbers[0] <= (-Double.greatestFiniteMagnitude).nextUp ? -.infinity : numbers[0]
    let high = numbers[1] >= Double.greatestFiniteMagnitude ? .infinity : numbers[1]
    if low <= high { rule.ranges = [low...high] }
    numbers.removeFirst(2)
  }
  rule.values = numbers.filter { !$0.isNaN }.map { .number($0) }
  return rule
}

import SurveyData

/// What a workbook says of its sheets, texts and formats.
struct Workbook {
  /// The sheets in their order, and the part that each stands in.
  private(set) var sheets: [(name: String, part: String)] = []
  private(set) var texts: [String] = []
  /// What the numbers of each cell style say of time.
  private(set) var moments: [Moment?] = []

  init(_ archive: ZipArchive) throws(XLSXError) {
    let main = "xl/workbook.xml"
    guard archive.has(main) else {
      throw .notWorkbook(file: archive.file, reason: "it has no part \(main)")
    }
    let list = SheetList()
    try archive.read(main, by: list)
    let links = Relationships()
    try archive.read("xl/_rels/workbook.xml.rels", by: links)
    for sheet in list.sheets {
      guard let target = links.targets[sheet.id] else { continue }
      sheets.append(
        (sheet.name, target.hasPrefix("/") ? String(target.dropFirst()) : "xl/" + target))
    }
    guard !sheets.isEmpty else {
      throw .notWorkbook(file: archive.file, reason: "it has no sheets")
    }
    if archive.has("xl/styles.xml") {
      let styles = Styles(is1904: list.is1904)
      try archive.read("xl/styles.xml", by: styles)
      moments = styles.moments
    }
    if archive.has("xl/sharedStrings.xml") {
      let shared = SharedTexts()
      try archive.read("xl/sharedStrings.xml", by: shared)
      texts = shared.texts
    }
  }
}

private final class SheetList: XMLReader {
  var sheets: [(name: String, id: String)] = []
  var is1904 = false

  func start(_ name: String, _ attributes: XMLAttributes) {
    switch name {
    case "workbookPr":
      is1904 = ["1", "true"].contains(attributes["date1904"] ?? "")
    case "sheet":
      if let name = attributes["name"], let id = attributes["id"] { sheets.append((name, id)) }
    default: break
    }
  }
  func end(_ name: String) {}
  @unsafe func text(_ bytes: UnsafeRawBufferPointer) {}
}

private final class Relationships: XMLReader {
  var targets: [String: String] = [:]

  func start(_ name: String, _ attributes: XMLAttributes) {
    guard name == "Relationship", let id = attributes["Id"] else { return }
    targets[id] = attributes["Target"]
  }
  func end(_ name: String) {}
  @unsafe func text(_ bytes: UnsafeRawBufferPointer) {}
}

/// The texts that cells point to; what stands above them as a reading aid is left out.
private final class SharedTexts: XMLReader {
  var texts: [String] = []
  private var current: [UInt8] = []
  private var isInText = false
  private var isInPhonetics = false

  func start(_ name: String, _ attributes: XMLAttributes) {
    switch name {
    case "si": current = []
    case "rPh": isInPhonetics = true
    case "t": isInText = !isInPhonetics
    default: break
    }
  }

  func end(_ name: String) {
    switch name {
    case "si": texts.append(String(decoding: current, as: UTF8.self))
    case "rPh": isInPhonetics = false
    case "t": isInText = false
    default: break
    }
  }

  @unsafe func text(_ bytes: UnsafeRawBufferPointer) {
    if isInText { unsafe current.append(contentsOf: bytes) }
  }
}

/// Cell styles, for the number formats that make a number a day or a time.
private final class Styles: XMLReader {
  private let is1904: Bool
  private var formats: [Int: String] = [:]
  private var formatOfStyle: [Int] = []
  private var isInCellStyles = false

  init(is1904: Bool) { self.is1904 = is1904 }

  var moments: [Moment?] { formatOfStyle.map(moment) }

  func start(_ name: String, _ attributes: XMLAttributes) {
    switch name {
    case "numFmt":
      if let id = attributes["numFmtId"].flatMap({ Int($0) }) {
        formats[id] = attributes["formatCode"]
      }
    case "cellXfs": isInCellStyles = true
    case "xf":
      if isInCellStyles {
        formatOfStyle.append(attributes["numFmtId"].flatMap { Int($0) } ?? 0)
      }
    default: break
    }
  }

  func end(_ name: String) { if name == "cellXfs" { isInCellStyles = false } }
  @unsafe func text(_ bytes: UnsafeRawBufferPointer) {}

  private func moment(_ format: Int) -> Moment? {
    let kind: Moment.Kind?
    if let code = formats[format] {
      kind = Self.kind(code)
    } else {
      kind =
        switch format {
        case 14...17, 27...31, 36, 50...54, 57, 58: .day
        case 18...21, 32...35, 45...47: .time
        case 22: .instant
        default: nil
        }
    }
    // Excel counts days from 1899-12-30, or from 1904-01-01.
    return kind.map { Moment(kind: $0, epoch: is1904 ? -24_107 : -25_569, perSecond: 1 / 86_400) }
  }

  /// What a format's letters say, with quoted texts and conditions left out.
  private static func kind(_ code: String) -> Moment.Kind? {
    var letters = ""
    var isQuoted = false
    var isBracketed = false
    var isEscaped = false
    for character in code.lowercased() {
      if isEscaped {
        isEscaped = false
      } else if character == "\"" {
        isQuoted.toggle()
      } else if isQuoted {
        continue
      } else if character == "\\" || character == "_" || character == "*" {
        isEscaped = true
      } else if character == "[" {
        isBracketed = true
      } else if character == "]" {
        isBracketed = false
      } else if isBracketed {
        // `[h]` is a duration; `[red]` and `[$-406]` are none.
        if character == "h" || character == "s" { letters.append(character) }
      } else if character == ";" {
        break
      } else {
        letters.append(character)
      }
    }
    letters = letters.replacing("general", with: "").replacing("e+", with: "")
    let hasDay = letters.contains { $0 == "d" || $0 == "y" }
    let hasTime = letters.contains { $0 == "h" || $0 == "s" }
    if hasDay { return hasTime ? .instant : .day }
    if hasTime { return .time }
    return letters.contains("m") && !letters.contains("0") ? .day : nil
  }
}

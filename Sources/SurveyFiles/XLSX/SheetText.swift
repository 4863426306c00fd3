import SurveyData

/// A sheet's cells as delimited text, a line a row: what they mean is then found out as for any
/// other file of text.
///
/// Numbers have the fewest digits that read back as the same, days and times stand in ISO 8601, and
/// a line break in a cell as U+2028.
final class SheetText: XMLReader {
  /// Where a line break stood in a cell.
  static let lineBreak: Unicode.Scalar = "\u{2028}"

  private(set) var text: [UInt8] = []
  private(set) var hasLineBreaks = false
  private(set) var isOversized = false
  /// The rows above the header, which are empty.
  private(set) var rowsAboveHeader = 0
  private let workbook: Workbook
  private let mostBytes: Int

  private var row = 0
  private var linesWritten = 0
  private var width = 0
  private var cells: [(column: Int, text: String)] = []
  private var column = 0
  private var type = ""
  private var style = 0
  private var content: [UInt8] = []
  private var isInContent = false
  private var isInPhonetics = false

  init(_ workbook: Workbook, mostBytes: Int) {
    self.workbook = workbook
    self.mostBytes = mostBytes
  }

  var isDone: Bool { isOversized }

  func start(_ name: String, _ attributes: XMLAttributes) {
    switch name {
    case "row":
      let number = attributes["r"].flatMap { Int($0) } ?? row + 1
      row = number > row && number <= 1 << 20 ? number : row + 1
      cells.removeAll(keepingCapacity: true)
      column = -1
    case "c":
      let place = attributes["r"].flatMap(columnIndex)
      column = place.map { $0 > column ? $0 : column + 1 } ?? column + 1
      type = attributes["t"] ?? "n"
      style = attributes["s"].flatMap { Int($0) } ?? 0
      content.removeAll(keepingCapacity: true)
    case "rPh": isInPhonetics = true
    case "v", "t": isInContent = !isInPhonetics
    default: break
    }
  }

  func end(_ name: String) {
    switch name {
    case "v", "t": isInContent = false
    case "rPh": isInPhonetics = false
    case "c":
      let text = cellText
      if !text.isEmpty { cells.append((column, text)) }
    case "row": endRow()
    default: break
    }
  }

  @unsafe func text(_ bytes: UnsafeRawBufferPointer) {
    if isInContent { unsafe content.append(contentsOf: bytes) }
  }

  private var cellText: String {
    let written = String(decoding: content, as: UTF8.self)
    switch type {
    case "s":
      guard let index = Int(written), workbook.texts.indices.contains(index) else { return written }
      return workbook.texts[index]
    case "b": return written == "1" ? "TRUE" : written == "0" ? "FALSE" : written
    case "n":
      guard let number = decimalNumber(written) else { return written }
      if workbook.moments.indices.contains(style), let moment = workbook.moments[style],
        let text = moment.text(ofSerial: number)
      {
        return text
      }
      return shortestText(number)
    default: return written
    }
  }

  private func endRow() {
    guard !cells.isEmpty else { return }
    if linesWritten == 0 {
      rowsAboveHeader = row - 1
      width = cells.last!.column + 1
    } else {
      // Rows left out are empty lines, so that lines are rows.
      let skipped = row - rowsAboveHeader - linesWritten - 1
      for _ in 0..<max(0, skipped) { text.append(lineFeed) }
      linesWritten += max(0, skipped)
    }
    var next = 0
    let count = max(width, cells.last!.column + 1)
    for column in 0..<count {
      if column > 0 { text.append(UInt8(ascii: ",")) }
      if next < cells.count, cells[next].column == column {
        appendQuoted(cells[next].text)
        next += 1
      } else if count == 1 {
        text += [quoteMark, quoteMark]
      }
    }
    text.append(lineFeed)
    linesWritten += 1
    if text.count > mostBytes { isOversized = true }
  }

  private func appendQuoted(_ cell: String) {
    text.append(quoteMark)
    var last: UInt8 = 0
    for byte in cell.utf8 {
      switch byte {
      case quoteMark: text += [quoteMark, quoteMark]
      case lineFeed, carriageReturn:
        if !(byte == lineFeed && last == carriageReturn) {
          text += Array(String(Self.lineBreak).utf8)
          hasLineBreaks = true
        }
      default: text.append(byte)
      }
      last = byte
    }
    text.append(quoteMark)
  }
}

/// 27 of `AB12`: the column's place, counted from 0.
private func columnIndex(_ reference: String) -> Int? {
  var index = 0
  for byte in reference.utf8 {
    guard byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") else { break }
    index = index * 26 + Int(byte - UInt8(ascii: "A")) + 1
    if index > 16_384 { return nil }
  }
  return index > 0 ? index - 1 : nil
}

extension Moment {
  /// The text of a day's serial number. A day with a time of day shows it, whatever its format.
  fileprivate func text(ofSerial number: Double) -> String? {
    guard abs(number) < 1e7 else { return nil }
    let kind: Kind = kind == .day && number != number.rounded() ? .instant : kind
    // Excel takes 1900 for a leap year: days before its 29th of February are one off.
    let epoch = epoch == -25_569 && number < 60 && kind != .time ? epoch + 1 : epoch
    // Serial numbers are good to the millisecond.
    let seconds = (number * 86_400_000).rounded() / 1000
    return Moment(kind: kind, epoch: epoch, perSecond: 1).text(seconds)
  }
}

import SurveyTables

extension ShownTable {
  /// The table for a terminal: aligned columns, a rule under the head, notes below.
  public func terminal(style: TerminalStyle = .plain) -> String {
    var lines = [style.bold(title)]
    lines += lead
    for grid in grids { lines += [""] + grid.terminalLines(style: style) }
    if !notes.isEmpty { lines += [""] + notes.map { style.dim($0) } }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ShownTable.Grid {
  fileprivate func terminalLines(style: TerminalStyle) -> [String] {
    let cells = [columns.map(\.heading)] + rows
    let widths = fitted(
      columns.indices.map { column in cells.map { displayWidth($0[column]) }.max() ?? 0 },
      to: style.width)
    func line(_ row: [String]) -> String {
      var text = ""
      for (column, whole) in row.enumerated() {
        let cell = shortened(whole, to: widths[column])
        let padding = String(repeating: " ", count: widths[column] - displayWidth(cell))
        text +=
          (column > 0 ? "  " : "") + (columns[column].isNumeric ? padding + cell : cell + padding)
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    return [
      style.bold(line(cells[0])),
      widths.map { String(repeating: "\u{2500}", count: $0) }.joined(separator: "  "),
    ] + rows.map(line)
  }

  /// Widths that the terminal has room for: columns of text give way, the widest first, to the least
  /// in which a name can still be told. Numbers stand as they are.
  private func fitted(_ widths: [Int], to room: Int?) -> [Int] {
    guard let room else { return widths }
    let least = 16
    var widths = widths
    var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - room
    while excess > 0 {
      let texts = widths.indices.filter { !columns[$0].isNumeric && widths[$0] > least }
      guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
      // Down to the next one, so that equals shrink together.
      let next = texts.map { widths[$0] }.filter { $0 < widths[widest] }.max() ?? least
      let cut = min(excess, max(widths[widest] - next, 1))
      widths[widest] -= cut
      excess -= cut
    }
    return widths
  }
}

/// A text of no more columns than that, with its middle left out: headers of one question begin
/// alike and differ at the end.
private func shortened(_ text: String, to width: Int) -> String {
  guard displayWidth(text) > width else { return text }
  var head = ""
  var tail = ""
  var characters = Substring(text)
  while let first = characters.first, displayWidth(head + tail) + 1 < width {
    if displayWidth(head) <= displayWidth(tail) {
      head.append(first)
      characters.removeFirst()
    } else {
      tail = String(characters.removeLast()) + tail
    }
  }
  while !head.isEmpty, displayWidth(head + tail) + 1 > width { head.removeLast() }
  return head + "\u{2026}" + tail
}

/// Whether a terminal is given emphasis, and how wide it is.
public struct TerminalStyle: Sendable {
  public static let plain = TerminalStyle(isColoured: false)
  private let isColoured: Bool
  /// In columns; `nil` where there is no end to a line, as in a file.
  let width: Int?

  public init(isColoured: Bool, width: Int? = nil) {
    self.isColoured = isColoured
    self.width = width
  }

  func bold(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  func dim(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}

/// The columns a text takes: wide East Asian characters take two, combining marks none.
func displayWidth(_ text: String) -> Int {
  text.reduce(0) { width, character in
    guard let scalar = character.unicodeScalars.first else { return width }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF:
      return width + 2
    default: return width + 1
    }
  }
}

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
    let widths = columns.indices.map { column in
      cells.map { displayWidth($0[column]) }.max() ?? 0
    }
    func line(_ row: [String]) -> String {
      var text = ""
      for (column, cell) in row.enumerated() {
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
}

/// Whether a terminal is given emphasis.
public struct TerminalStyle: Sendable {
  public static let plain = TerminalStyle(isColoured: false)
  private let isColoured: Bool

  public init(isColoured: Bool) { self.isColoured = isColoured }

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

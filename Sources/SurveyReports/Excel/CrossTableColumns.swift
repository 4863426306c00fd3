import SurveyTables

/// The widths of a table's columns on a sheet, in characters of the standard font, and how many pages
/// side by side they take in print.
struct CrossTableColumns {
  /// The first column, of the rows' labels.
  let label: Double
  /// By column of the table; those of a breakdown are alike.
  let widths: [Double]

  /// Print of less than three quarters of its size is not read: a landscape page holds this many
  /// characters.
  private static let pageWidth = 200.0
  /// In its own size a landscape page holds this many characters, and rows of ordinary height.
  private static let ownSize = (width: 149.0, rows: 37.0)
  /// Room for a paragraph: a line longer than this is hard to read, and leaves the screen.
  private static let paragraphWidth = 140.0

  init(_ table: ShownCrossTable) {
    let labels = table.sections.flatMap(\.rows).map { Double($0.label.count) + 2 }
    label = min(max(labels.max() ?? 0, 26), 46)
    var widths: [Double] = []
    let rows = table.sections.flatMap(\.rows)
    for group in table.groups {
      let columns = widths.count..<widths.count + group.span
      let needed = columns.map { column in
        let words = table.columns[column].path.last?.split(separator: " ") ?? []
        let word = Double(words.map(\.count).max() ?? 0) * 1.1 + 2
        let cells = rows.map { row in
          let cell = row.cells[column]
          let marks = cell.marks.joined(separator: " ").count
          // Letters are smaller than numbers.
          return max(Double(cell.text.count) + 2, Double(marks) * 0.85 + 2)
        }
        return max(min(word, 15), cells.max() ?? 0)
      }
      let width = min(max(needed.max() ?? 0, 9.5), 24)
      widths += Array(repeating: width, count: group.span)
    }
    self.widths = widths
  }

  /// Width of some columns of the table together.
  func width(of columns: Range<Int>) -> Double { widths[columns].reduce(0, +) }

  var pagesWide: Int {
    let room = Self.pageWidth - label
    return max(1, Int((widths.reduce(0, +) / room).rounded(.up)))
  }

  /// Whether so many rows go on one page with a little more shrinking than the width asks for, so that
  /// no chart is cut.
  func fitsOnePage(rows: Int) -> Bool {
    let scale = min(1, Self.ownSize.width * Double(pagesWide) / (label + widths.reduce(0, +)))
    return Double(rows) * scale <= Self.ownSize.rows * 1.75
  }

  /// The first column of texts and charts. On pages side by side the labels' column stands on each:
  /// nothing but labels may stand there.
  var start: Int { pagesWide > 1 ? 1 : 0 }

  /// Columns of the sheet that a text below or above the table goes over, five at least.
  var paragraph: (columns: ClosedRange<Int>, width: Double) {
    var (last, width) = (start, start == 0 ? label : widths[0])
    while last < 4 || last < widths.count && width < Self.paragraphWidth {
      width += last < widths.count ? widths[last] : Self.defaultWidth
      last += 1
    }
    return (start...last, width)
  }

  /// Columns of the sheet from the left that a picture of so many points covers.
  func columns(covering points: Int) -> Int {
    var (count, room) = (1, start == 0 ? pixels(label) : 0)
    while room < Double(points) {
      room += pixels(count <= widths.count ? widths[count - 1] : Self.defaultWidth)
      count += 1
    }
    return count
  }

  private func pixels(_ width: Double) -> Double { width * 7 + 5 }

  /// Of a column that nobody set.
  private static let defaultWidth = 8.43

  /// How many lines a text takes in a column of so many characters: words stay whole, a word that is
  /// longer than the line goes on in the next, and a line break is one.
  static func lines(of text: String, width: Double) -> Int {
    text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) { sum, paragraph in
      var (lines, length) = (1, 0.0)
      for word in paragraph.split(separator: " ") {
        let count = Double(word.count)
        if length > 0, length + count > width {
          lines += 1
          length = 0
        }
        lines += Int(max(0, count - 1) / max(width, 1))
        length += count + 1
      }
      return sum + lines
    }
  }
}

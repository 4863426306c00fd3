import CXLSXWriter
import FoundationEssentials
import SurveyData

/// An Excel workbook on its way: sheets of texts and numbers, written to bytes at the end.
///
/// The same content gives the same bytes: nothing in it tells when it was made. Text is written as
/// text, whatever it begins with: no label becomes a formula.
@safe final class Workbook {
  /// How a cell looks. Equal styles share one format of the workbook.
  struct Style: Hashable {
    enum Alignment: Hashable { case left, right, centre }

    var numberFormat: String?
    var isBold = false
    var isItalic = false
    var size: Double?
    var colour: UInt32?
    var fill: UInt32?
    var alignment: Alignment?
    var wraps = false
    /// At the foot of a high row; else in its middle.
    var standsBelow = false
    var indent: UInt8 = 0
    var hasRuleBelow = false
    var hasRuleLeft = false
    var isLink = false
  }

  private let path: String
  private let workbook: UnsafeMutablePointer<lxw_workbook>
  private var formats: [Style: UnsafeMutablePointer<lxw_format>] = unsafe [:]
  private var names: Set<String> = []
  private var isClosed = false

  init(title: String) throws(WorkbookError) {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "pejling-\(UUID().uuidString).xlsx").path
    guard let workbook = unsafe workbook_new(path) else { throw WorkbookError(reason: "no memory") }
    unsafe self.workbook = workbook
    unsafe title.withCString { title in
      unsafe "Pejling".withCString { author in
        var properties = unsafe lxw_doc_properties()
        unsafe properties.title = UnsafeMutablePointer(mutating: title)
        unsafe properties.author = UnsafeMutablePointer(mutating: author)
        // 2000-01-01, always: a book of the same answers is the same file.
        unsafe properties.created = 946_684_800
        _ = unsafe workbook_set_properties(workbook, &properties)
      }
    }
  }

  deinit {
    if !isClosed { _ = unsafe workbook_close(workbook) }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The workbook's bytes; nothing can be added after.
  func bytes() throws(WorkbookError) -> [UInt8] {
    isClosed = true
    let status = unsafe workbook_close(workbook)
    guard status == LXW_NO_ERROR else {
      throw WorkbookError(reason: unsafe String(cString: lxw_strerror(status)))
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw WorkbookError(reason: "the temporary file \(path) is gone")
    }
    return [UInt8](data)
  }

  /// A sheet of that name, or one as near to it as Excel allows and no other sheet has.
  func sheet(named wanted: String) -> Sheet {
    let forbidden = "[]:*?/\\".unicodeScalars
    var name = ""
    for scalar in wanted.unicodeScalars where !forbidden.contains(scalar) && scalar.value >= 0x20 {
      name.unicodeScalars.append(scalar)
    }
    while name.hasPrefix("'") { name.removeFirst() }
    // Excel counts UTF-16 units, and takes names that differ in case alone for the same.
    func cut(_ text: String, to length: Int) -> String {
      var text = text
      while text.utf16.count > length { text.removeLast() }
      while text.last == "'" || text.last == " " { text.removeLast() }
      return text
    }
    name = cut(name, to: 31)
    if name.isEmpty { name = "Sheet" }
    var unique = name
    var number = 2
    while !names.insert(unique.lowercased()).inserted {
      unique = cut(name, to: 27) + " \(number)"
      number += 1
    }
    return unsafe Sheet(workbook_add_worksheet(workbook, unique), name: unique, in: self)
  }

  fileprivate func format(_ style: Style) -> UnsafeMutablePointer<lxw_format> {
    if let format = unsafe formats[style] { return unsafe format }
    let format = unsafe workbook_add_format(workbook)!
    unsafe format_set_font_name(format, "Arial")
    unsafe format_set_font_size(format, style.size ?? 10)
    if let numberFormat = style.numberFormat { unsafe format_set_num_format(format, numberFormat) }
    if style.isBold { unsafe format_set_bold(format) }
    if style.isItalic { unsafe format_set_italic(format) }
    if let colour = style.colour { unsafe format_set_font_color(format, colour) }
    if let fill = style.fill { unsafe format_set_bg_color(format, fill) }
    switch style.alignment {
    case .left: unsafe format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
    case .right: unsafe format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
    case .centre: unsafe format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
    case nil: break
    }
    if style.wraps { unsafe format_set_text_wrap(format) }
    if !style.standsBelow {
      unsafe format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
    }
    if style.indent > 0 { unsafe format_set_indent(format, style.indent) }
    if style.hasRuleBelow { unsafe format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue)) }
    if style.hasRuleLeft {
      unsafe format_set_left(format, UInt8(LXW_BORDER_THIN.rawValue))
      unsafe format_set_left_color(format, 0xBFBFBF)
    }
    if style.isLink { unsafe format_set_underline(format, UInt8(LXW_UNDERLINE_SINGLE.rawValue)) }
    unsafe formats[style] = format
    return unsafe format
  }

  /// One sheet. Rows and columns count from 0.
  @safe struct Sheet {
    let name: String
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private let book: Workbook

    fileprivate init(
      _ sheet: UnsafeMutablePointer<lxw_worksheet>, name: String, in book: Workbook
    ) {
      unsafe self.sheet = sheet
      self.name = name
      self.book = book
      unsafe worksheet_set_paper(sheet, 9)
      unsafe worksheet_set_landscape(sheet)
      unsafe worksheet_fit_to_pages(sheet, 1, 0)
      unsafe worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.6)
      unsafe worksheet_set_footer(sheet, "&L&8&A&R&8&P / &N")
      unsafe worksheet_gridlines(sheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
    }

    func text(_ text: String, _ row: Int, _ column: Int, _ style: Style = Style()) {
      // Excel holds 32,767 characters in a cell, and XML no control characters.
      var clean = ""
      for scalar in text.unicodeScalars.prefix(16_000)
      where scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" {
        clean.unicodeScalars.append(scalar)
      }
      _ = unsafe worksheet_write_string(
        sheet, UInt32(row), UInt16(column), clean, book.format(style))
    }

    func number(_ number: Double, _ row: Int, _ column: Int, _ style: Style = Style()) {
      _ = unsafe worksheet_write_number(
        sheet, UInt32(row), UInt16(column), number, book.format(style))
    }

    func blank(_ row: Int, _ column: Int, _ style: Style) {
      _ = unsafe worksheet_write_blank(sheet, UInt32(row), UInt16(column), book.format(style))
    }

    /// A text over several columns of a row.
    func text(_ text: String, _ row: Int, columns: ClosedRange<Int>, _ style: Style) {
      if columns.count == 1 {
        self.text(text, row, columns.lowerBound, style)
      } else {
        _ = unsafe worksheet_merge_range(
          sheet, UInt32(row), UInt16(columns.lowerBound), UInt32(row), UInt16(columns.upperBound),
          "", book.format(style))
        self.text(text, row, columns.lowerBound, style)
      }
    }

    /// A text that leads to another sheet.
    func link(_ text: String, to target: String, _ row: Int, _ column: Int) {
      let style = Style(colour: 0x1F5C8B, alignment: .left, wraps: true, isLink: true)
      let quoted = target.replacing("'", with: "''")
      _ = unsafe worksheet_write_url_opt(
        sheet, UInt32(row), UInt16(column), "internal:'\(quoted)'!A1", book.format(style), nil, nil)
      self.text(text, row, column, style)
    }

    func setWidth(_ width: Double, columns: ClosedRange<Int>) {
      _ = unsafe worksheet_set_column(
        sheet, UInt16(columns.lowerBound), UInt16(columns.upperBound), width, nil)
    }

    func setHeight(_ height: Double, row: Int) {
      _ = unsafe worksheet_set_row(sheet, UInt32(row), height, nil)
    }

    /// Rows above and columns before stay in view, and the rows stand on every printed page.
    func freeze(rows: Int, columns: Int, repeatingFrom first: Int) {
      unsafe worksheet_freeze_panes(sheet, UInt32(rows), UInt16(columns))
      _ = unsafe worksheet_repeat_rows(sheet, UInt32(first), UInt32(rows - 1))
    }

    func setPortrait() { unsafe worksheet_set_portrait(sheet) }

    /// What is printed, and on how many pages side by side; on each, the first column.
    func setPrint(rows: Int, columns: Int, pagesWide: Int, isOnePageHigh: Bool) {
      _ = unsafe worksheet_print_area(sheet, 0, 0, UInt32(rows - 1), UInt16(columns - 1))
      unsafe worksheet_fit_to_pages(sheet, UInt16(pagesWide), isOnePageHigh ? 1 : 0)
      if pagesWide > 1 { _ = unsafe worksheet_repeat_columns(sheet, 0, 0) }
    }

    /// A bar chart of a column of shares, the first on top.
    ///
    /// - Parameters:
    ///   - width: in points of the screen.
    ///   - height: in points of the screen.
    func barChart(
      title: String, labels: (rows: ClosedRange<Int>, column: Int), values column: Int,
      numberFormat: String, width: Int, height: Int, at place: (row: Int, column: Int)
    ) {
      guard let chart = unsafe workbook_add_chart(book.workbook, UInt8(LXW_CHART_BAR.rawValue)),
        let series = unsafe chart_add_series(chart, nil, nil)
      else { return }
      let (first, last) = (UInt32(labels.rows.lowerBound), UInt32(labels.rows.upperBound))
      unsafe chart_series_set_categories(
        series, name, first, UInt16(labels.column), last, UInt16(labels.column))
      unsafe chart_series_set_values(series, name, first, UInt16(column), last, UInt16(column))
      var fill = lxw_chart_fill()
      fill.color = 0x1F5C8B
      unsafe chart_series_set_fill(series, &fill)
      unsafe chart_series_set_labels(series)
      unsafe chart_series_set_labels_num_format(series, numberFormat)
      // The library takes a name that begins with = for a reference to a cell.
      let isReference = title.unicodeScalars.first == "="
      unsafe chart_title_set_name(chart, isReference ? " " + title : title)
      var font = unsafe lxw_chart_font()
      unsafe font.size = 11
      unsafe chart_title_set_name_font(chart, &font)
      unsafe chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
      unsafe chart_series_set_invert_if_negative(series)
      unsafe chart_axis_set_reverse(chart.pointee.y_axis)
      // Every bar has its label, however many there are.
      unsafe chart_axis_set_interval_unit(chart.pointee.y_axis, 1)
      unsafe font.size = 9
      unsafe chart_axis_set_num_font(chart.pointee.y_axis, &font)
      // Every bar has its figure: the scale would say it twice.
      unsafe chart_axis_off(chart.pointee.x_axis)
      unsafe chart_axis_major_gridlines_set_visible(
        chart.pointee.x_axis, UInt8(LXW_FALSE.rawValue))
      var options = unsafe lxw_chart_options()
      // Not on the edge of a page.
      unsafe options.x_offset = 4
      unsafe options.x_scale = Double(width) / 480
      unsafe options.y_scale = Double(height) / 288
      _ = unsafe worksheet_insert_chart_opt(
        sheet, UInt32(place.row), UInt16(place.column), chart, &options)
    }
  }
}

/// A workbook that could not be written.
public struct WorkbookError: InputFault {
  let reason: String

  public var fault: Fault { .output }
  public var description: String {
    "The workbook cannot be made: \(reason). Look for space in the folder for temporary files "
      + "(TMPDIR), or choose --format html."
  }
}

import ArgumentParser
import SurveyData
import SurveyReports
import SurveyTables

/// A result that can be written.
protocol Presentable {
  var warnings: [String] { get }
  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent
}

/// What is written: text, or a drawing that becomes a picture.
enum OutputContent {
  case text(String)
  case bytes([UInt8])
  case image(svg: String)

  /// As it stands in a file; a drawing as PNG.
  var bytes: [UInt8] {
    get throws {
      switch self {
      case .text(let text): Array(text.utf8)
      case .bytes(let bytes): bytes
      case .image(let svg): try png(fromSVG: svg)
      }
    }
  }
}

/// A result with one table in it.
protocol TablePresentable: Presentable {
  func shown(in format: NumberFormat) -> ShownTable
  func json(language: SurveyData.Language) -> String
  func csv(language: SurveyData.Language) -> String
  func html(in format: NumberFormat) -> String
  func workbook(in format: NumberFormat) throws(WorkbookError) -> [UInt8]
}

let noPicture = "A table has no picture. Use --format table, json, csv, markdown, html or xlsx."

extension TablePresentable {
  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent {
    switch format {
    case .table: .text(shown(in: numbers).terminal(style: style))
    case .markdown: .text(shown(in: numbers).markdown())
    case .json: .text(json(language: numbers.language))
    case .csv: .text(csv(language: numbers.language))
    case .html: .text(html(in: numbers))
    case .xlsx: .bytes(try workbook(in: numbers))
    case .svg, .png: throw ValidationError(noPicture)
    }
  }

  func html(in format: NumberFormat) -> String { shown(in: format).html(language: format.language) }
}

extension Table: TablePresentable {}

extension GuidelineReport: TablePresentable {
  var warnings: [String] { table.warnings }
  func json(language: SurveyData.Language) -> String { table.json(language: language) }
  func csv(language: SurveyData.Language) -> String { table.csv(language: language) }
  func workbook(in format: NumberFormat) throws(WorkbookError) -> [UInt8] {
    try table.workbook(in: format)
  }
}

/// A trend has a chart beside its table.
struct ChartedTrend: Presentable {
  let table: Table
  var warnings: [String] { table.warnings }

  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent {
    switch format {
    case .svg, .png:
      let svg = table.trendSVG(in: numbers) ?? ""
      return format == .svg ? .text(svg) : .image(svg: svg)
    default: return try table.content(format, numbers, style: style)
    }
  }
}
extension Description: TablePresentable {}
extension ResponseRates: TablePresentable {}

extension Figure: Presentable {
  var warnings: [String] { table.warnings }

  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent {
    switch format {
    case .table: .text(terminal(in: numbers, style: style))
    case .markdown: .text(markdown(in: numbers))
    case .json: .text(json(in: numbers))
    case .csv: .text(distributionTable.csv(language: numbers.language))
    case .html, .xlsx:
      throw ValidationError(
        "A figure has no \(format.rawValue). Use --format table, json, csv, markdown, svg or png.")
    case .svg: .text(svg(in: numbers))
    case .png: .image(svg: svg(in: numbers))
    }
  }
}

extension WeightingReport: Presentable {
  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent {
    switch format {
    case .table: .text(shown(in: numbers).terminal(style: style))
    case .markdown: .text(shown(in: numbers).markdown())
    case .json: .text(json(language: numbers.language))
    case .csv: .text(csv(language: numbers.language))
    case .html: .text(html(in: numbers))
    case .xlsx:
      throw ValidationError(
        "A weighting report is no workbook. Use --format table, json, csv, markdown, html or svg.")
    case .svg: .text(svg(in: numbers))
    case .png: .image(svg: svg(in: numbers))
    }
  }
}

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
  case image(svg: String)
}

/// A result with one table in it.
protocol TablePresentable: Presentable {
  func shown(in format: NumberFormat) -> ShownTable
  func json(language: SurveyData.Language) -> String
  func csv(language: SurveyData.Language) -> String
}

extension TablePresentable {
  func content(
    _ format: OutputFormat, _ numbers: NumberFormat, style: TerminalStyle
  ) throws -> OutputContent {
    switch format {
    case .table: .text(shown(in: numbers).terminal(style: style))
    case .markdown: .text(shown(in: numbers).markdown())
    case .json: .text(json(language: numbers.language))
    case .csv: .text(csv(language: numbers.language))
    case .html: .text(shown(in: numbers).html(language: numbers.language))
    case .svg, .png:
      throw ValidationError(
        "A table has no picture. Use --format table, json, csv, markdown or html.")
    }
  }
}

extension Table: TablePresentable {}

extension GuidelineReport: TablePresentable {
  var warnings: [String] { table.warnings }
  func json(language: SurveyData.Language) -> String { table.json(language: language) }
  func csv(language: SurveyData.Language) -> String { table.csv(language: language) }
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
    case .html:
      throw ValidationError(
        "A figure has no page of its own. Use --format table, json, csv, markdown, svg or png.")
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
    case .svg: .text(svg(in: numbers))
    case .png: .image(svg: svg(in: numbers))
    }
  }
}

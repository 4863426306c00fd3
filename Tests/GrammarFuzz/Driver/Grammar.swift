import Glibc
import SurveyData
import SurveyFiles

/// What we read that others write: one fuzz target each.
enum Grammar: String, CaseIterable {
  case csv, sav, zsav, xlsx, sheet, store, survey, margins, claims, tables, expression
  /// ReadStat's formats: its faults are not ours, but nothing may bring us down.
  case por, dta, xpt, sas7bdat

  /// Files that stay from input to input.
  func prepare(in folder: String) throws {
    guard self == .store else { return }
    let design = DesignOrder(
      strata: ["q1"], clusters: ["svar"], isNested: true, rowCount: 4, stratumStarts: [0, 2, 4],
      unitStarts: [[0, 1, 2, 4]])
    try writeColumnStore(
      Grammar.sample, to: folder + "/input.pejl",
      order: StoreOrder(weight: nil, design: design, rows: [0, 1, 2, 3, 4]))
  }

  func read(_ bytes: [UInt8], in folder: String) throws {
    let path = folder + "/input.\(suffix)"
    switch self {
    case .expression:
      let text = String(decoding: bytes, as: UTF8.self)
      // What is no UTF-8 never gets so far: the shell's words and YAML are texts.
      _ = try Grammar.sample.domain(where: Expression(text))
      return
    case .store:
      save(bytes, to: path + "/manifest.json")
      _ = try readColumnStore(at: path, selecting: .all)
      return
    case .sheet: save(Grammar.workbook(sheet: bytes), to: path)
    default: save(bytes, to: path)
    }
    switch self {
    case .survey: _ = try readSurveyFile(at: path)
    case .margins: _ = try readMargins(at: path)
    case .claims: _ = try readClaimsFile(at: path)
    case .tables: _ = try readTablePlan(at: path)
    default: _ = try readData(at: path, selecting: .all)
    }
  }

  private var suffix: String {
    switch self {
    case .survey, .margins, .claims, .tables: "yaml"
    case .store: "pejl"
    case .sheet: "xlsx"
    default: rawValue
    }
  }

  /// A new file each time: the one before may still be mapped.
  private func save(_ bytes: [UInt8], to path: String) {
    unsafe unlink(path)
    guard let file = unsafe fopen(path, "w") else { fatalError("\(path) cannot be written") }
    unsafe bytes.withUnsafeBytes { bytes in
      _ = unsafe fwrite(bytes.baseAddress, 1, bytes.count, file)
    }
    unsafe fclose(file)
  }

  static func removeFiles(of folder: String) {
    if let directory = unsafe opendir(folder + "/input.pejl") {
      while let entry = unsafe readdir(directory) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
          unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) {
            unsafe String(cString: $0)
          }
        }
        unsafe unlink(folder + "/input.pejl/" + name)
      }
      unsafe closedir(directory)
      unsafe rmdir(folder + "/input.pejl")
    }
    for grammar in allCases { unsafe unlink(folder + "/input.\(grammar.suffix)") }
    unsafe rmdir(folder)
  }

  /// A few answers, for conditions to be asked of and for a manifest to describe.
  static let sample: Dataset = {
    let codes = CategoricalColumn(
      categories: [.init(code: "1"), .init(code: "2"), .init(code: "9", missing: .dontKnow)],
      indices: [0, 1, 2, 0, 1])
    let texts = CategoricalColumn(
      categories: [.init(code: "ja"), .init(code: "nej"), .init(code: "", missing: .noAnswer)],
      indices: [2, 1, 0, 0, 1])
    let numbers = NumericColumn([1.5, nil, -2, 0, 1e9])
    return Dataset(
      rowCount: 5,
      columns: [
        Column(name: "q1", values: .categorical(codes)),
        Column(name: "svar", values: .categorical(texts)),
        Column(name: "x", values: .numeric(numbers)),
      ])
  }()
}

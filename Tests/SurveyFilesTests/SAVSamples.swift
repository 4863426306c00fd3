import CZlib
import SurveyData
import SurveyFiles

/// A small SPSS file made in memory, in any of the ways that such files are written.
struct SAVSample {
  enum Cell {
    case number(Double)
    case text(String)
    case systemMissing
  }

  struct Item {
    var name: String
    /// 0 for a number.
    var width = 0
    var label = ""
    /// Eight bytes each, or numbers.
    var missing: [Cell] = []
    /// The number that the file has for them: negative for a range.
    var missingCount = 0
    var format = 5 << 16 | 8 << 8 | 2
  }

  var isBigEndian = false
  var compression = 0
  var bias = 100.0
  var declaresCases = true
  var items: [Item] = []
  /// Labels of values by the numbers of the items, counted from 0.
  var labels: [(labels: [(Cell, String)], items: [Int])] = []
  /// Information records: subtype, size of an element, bytes.
  var information: [(subtype: Int, size: Int, bytes: [UInt8])] = []
  var rows: [[Cell]] = []
  /// Bytes of a block of a `.zsav` file before they are packed.
  var blockSize = 64

  // MARK: Records

  var bytes: [UInt8] {
    var out = padded(compression == 2 ? "$FL3" : "$FL2", 4)
    out += padded("@(#) a sample", 60)
    out += ints(2, segments.count, compression, 0, declaresCases ? rows.count : -1)
    out += double(bias)
    out += padded("22 Nov 26", 9)
    out += padded("12:00:00", 8)
    out += padded("A sample", 64)
    out += [0, 0, 0]
    var elementOfItem: [Int] = []
    var element = 1
    for item in items {
      elementOfItem.append(element)
      for (index, width) in widths(item).enumerated() {
        out += ints(2, width, item.label.isEmpty || index > 0 ? 0 : 1)
        out += ints(index > 0 ? 0 : item.missingCount, item.format, item.format)
        out += padded(index == 0 ? item.name : "SEG\(index)", 8)
        if index == 0, !item.label.isEmpty {
          let label = Array(item.label.utf8)
          out += int(label.count)
          out += label
          out += [UInt8](repeating: 32, count: (4 - label.count % 4) % 4)
        }
        if index == 0 { for cell in item.missing { out += eight(cell) } }
        let elements = max(1, (width + 7) / 8)
        for _ in 1..<elements {
          out += ints(2, -1, 0, 0, 0, 0)
          out += padded("", 8)
        }
        element += elements
      }
    }
    for set in labels {
      out += ints(3, set.labels.count)
      for (value, label) in set.labels {
        let text = Array(label.utf8)
        out += eight(value)
        out.append(UInt8(text.count))
        out += text
        out += [UInt8](repeating: 32, count: (8 - (text.count + 1) % 8) % 8)
      }
      out += ints(4, set.items.count)
      for item in set.items { out += int(elementOfItem[item]) }
    }
    for record in information {
      out += ints(7, record.subtype, record.size, record.bytes.count / record.size)
      out += record.bytes
    }
    out += ints(999, 0)
    switch compression {
    case 0: out += caseElements.joined()
    case 1: out += bytecode
    default: out += packed(at: out.count)
    }
    return out
  }

  private var segments: [Int] { items.flatMap(widths) }

  private func widths(_ item: Item) -> [Int] {
    guard item.width > 255 else { return [item.width] }
    let count = (item.width + 251) / 252
    return Array(repeating: 255, count: count - 1) + [item.width - (count - 1) * 252]
  }

  // MARK: Cases

  private var caseElements: [[UInt8]] {
    rows.flatMap { row in zip(items, row).flatMap { item, cell in elements(item, cell) } }
  }

  private func elements(_ item: Item, _ cell: Cell) -> [[UInt8]] {
    guard item.width > 0, case .text(let text) = cell else { return [eight(cell)] }
    let all = Array(text.utf8)
    var result: [[UInt8]] = []
    for (index, width) in widths(item).enumerated() {
      let part = item.width > 255 ? all.dropFirst(index * 255).prefix(255) : all.prefix(width)
      let slot = (width + 7) / 8 * 8
      let bytes = Array(part) + [UInt8](repeating: 32, count: max(0, slot - part.count))
      for start in stride(from: 0, to: slot, by: 8) {
        result.append(Array(bytes[start..<start + 8]))
      }
    }
    return result
  }

  private var bytecode: [UInt8] {
    var out: [UInt8] = []
    var codes: [UInt8] = []
    var values: [UInt8] = []
    func flush() {
      guard !codes.isEmpty else { return }
      out += codes
      out += [UInt8](repeating: 0, count: 8 - codes.count)
      out += values
      codes = []
      values = []
    }
    for row in rows {
      for (item, cell) in zip(items, row) {
        for element in elements(item, cell) {
          switch cell {
          case .systemMissing: codes.append(255)
          case .number(let number)
          where (1...251).contains(number + bias) && number + bias == (number + bias).rounded():
            codes.append(UInt8(number + bias))
          default:
            if element.allSatisfy({ $0 == 32 }) {
              codes.append(254)
            } else {
              codes.append(253)
              values += element
            }
          }
          if codes.count == 8 { flush() }
        }
      }
    }
    codes.append(252)
    flush()
    return out
  }

  private func packed(at start: Int) -> [UInt8] {
    let plain = bytecode
    var blocks: [(plain: Int, packed: [UInt8])] = []
    for first in stride(from: 0, to: plain.count, by: blockSize) {
      let part = Array(plain[first..<min(first + blockSize, plain.count)])
      var size = compressBound(uLong(part.count))
      var output = [UInt8](repeating: 0, count: Int(size))
      _ = unsafe compress(&output, &size, part, uLong(part.count))
      blocks.append((part.count, Array(output.prefix(Int(size)))))
    }
    let data = blocks.flatMap(\.packed)
    var out = [start, start + 24 + data.count, 24 + 24 * blocks.count].flatMap(long)
    out += data
    out += [-100, 0].flatMap(long)
    out += ints(blockSize, blocks.count)
    var offset = start
    var packedOffset = start + 24
    for block in blocks {
      out += [offset, packedOffset].flatMap(long)
      out += ints(block.plain, block.packed.count)
      offset += block.plain
      packedOffset += block.packed.count
    }
    return out
  }

  // MARK: Fields

  func int(_ value: Int) -> [UInt8] { ordered(UInt64(bitPattern: Int64(value)), 4) }

  func ints(_ values: Int...) -> [UInt8] { values.flatMap(int) }

  func long(_ value: Int) -> [UInt8] { ordered(UInt64(bitPattern: Int64(value)), 8) }

  func double(_ value: Double) -> [UInt8] { ordered(value.bitPattern, 8) }

  private func ordered(_ value: UInt64, _ count: Int) -> [UInt8] {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return isBigEndian ? bytes.reversed() : bytes
  }

  private func eight(_ cell: Cell) -> [UInt8] {
    switch cell {
    case .number(let number): double(number)
    case .text(let text): padded(text, 8)
    case .systemMissing: double(-Double.greatestFiniteMagnitude)
    }
  }

  private func padded(_ text: String, _ count: Int) -> [UInt8] {
    let bytes = Array(text.utf8.prefix(count))
    return bytes + [UInt8](repeating: 32, count: count - bytes.count)
  }
}

/// Reads a sample as a file.
func reading(
  _ sample: SAVSample, _ selecting: ColumnSelection = .all, lanes: Int = 2
) throws -> SAVReading {
  try withFile(sample.bytes, named: "sample.sav") {
    try readSAV(at: $0, selecting: selecting, lanes: lanes)
  }
}

/// The codes of a column's dictionary with their reasons.
func dictionary(_ reading: SAVReading, _ name: String) throws -> [String] {
  guard case .categorical(let column) = try reading.dataset.column(name).values else { return [] }
  return column.categories.map { $0.code + ($0.missing.map { " (\($0.rawValue))" } ?? "") }
}

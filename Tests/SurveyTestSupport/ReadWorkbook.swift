import CZlib
import Foundation

/// A workbook as it was written: its sheets with their cells, apart from the product's own writer on
/// purpose.
package struct ReadWorkbook {
  package enum Cell: Equatable {
    case text(String)
    case number(Double)
    /// Something that a spreadsheet would compute.
    case formula(String)
  }

  /// In the order of the workbook.
  package let sheets: [(name: String, cells: [String: Cell])]
  /// The parts of the file by their names.
  package let parts: [String: String]

  package init(_ bytes: Data) throws {
    let archive = try zipEntries([UInt8](bytes))
    let parts = archive.mapValues { String(decoding: $0, as: UTF8.self) }
    self.parts = parts
    let shared = elements("si", in: parts["xl/sharedStrings.xml"] ?? "").map { item in
      elements("t", in: item.content).map { unescaped($0.content) }.joined()
    }
    sheets = elements("sheet", in: parts["xl/workbook.xml"] ?? "").enumerated().map {
      index, sheet in
      var cells: [String: Cell] = [:]
      for cell in elements("c", in: parts["xl/worksheets/sheet\(index + 1).xml"] ?? "") {
        guard let place = cell.attributes["r"] else { continue }
        if let formula = elements("f", in: cell.content).first {
          cells[place] = .formula(unescaped(formula.content))
        } else if let value = elements("v", in: cell.content).first?.content {
          cells[place] =
            cell.attributes["t"] == "s"
            ? .text(shared[Int(value)!]) : .number(Double(value)!)
        }
      }
      return (unescaped(sheet.attributes["name"] ?? ""), cells)
    }
  }
}

package struct NoArchive: Error {}

/// The files of a zip archive, stored or deflated.
private func zipEntries(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
  func number(_ at: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
  }
  guard
    let end = stride(from: bytes.count - 22, through: 0, by: -1)
      .first(where: { number($0, 4) == 0x0605_4B50 })
  else { throw NoArchive() }
  var entries: [String: [UInt8]] = [:]
  var place = number(end + 16, 4)
  for _ in 0..<number(end + 10, 2) {
    let method = number(place + 10, 2)
    let (packed, size) = (number(place + 20, 4), number(place + 24, 4))
    let nameLength = number(place + 28, 2)
    let header = number(place + 42, 4)
    let name = String(decoding: bytes[place + 46..<place + 46 + nameLength], as: UTF8.self)
    let start = header + 30 + number(header + 26, 2) + number(header + 28, 2)
    let content = Array(bytes[start..<start + packed])
    entries[name] = method == 0 ? content : try inflated(content, size: size)
    place += 46 + nameLength + number(place + 30, 2) + number(place + 32, 2)
  }
  return entries
}

private func inflated(_ bytes: [UInt8], size: Int) throws -> [UInt8] {
  var input = bytes
  let output = unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
    unsafe input.withUnsafeMutableBufferPointer { input in
      var stream = unsafe z_stream()
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      unsafe stream.next_out = output.baseAddress
      unsafe stream.avail_out = UInt32(size)
      // Raw deflate, without a header.
      _ = unsafe inflateInit2_(
        &stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      _ = unsafe inflate(&stream, Z_FINISH)
      unsafe count = size - Int(stream.avail_out)
      _ = unsafe inflateEnd(&stream)
    }
  }
  guard output.count == size else { throw NoArchive() }
  return output
}

private struct Element {
  var attributes: [String: String]
  var content: String
}

/// The elements of a name, which do not hold each other.
private func elements(_ name: String, in xml: String) -> [Element] {
  var found: [Element] = []
  var rest = xml[...]
  while let start = rest.range(of: "<\(name)") {
    rest = rest[start.upperBound...]
    guard let next = rest.first, next == " " || next == ">" || next == "/" else { continue }
    guard let end = rest.firstIndex(of: ">") else { break }
    var head = rest[..<end]
    rest = rest[rest.index(after: end)...]
    let isEmpty = head.last == "/"
    if isEmpty { head = head.dropLast() }
    var attributes: [String: String] = [:]
    for part in head.split(separator: "\" ") {
      let pair = part.split(separator: "=\"", maxSplits: 1)
      if pair.count == 2 {
        attributes[pair[0].trimmingCharacters(in: .whitespaces)] =
          pair[1].hasSuffix("\"") ? String(pair[1].dropLast()) : String(pair[1])
      }
    }
    if isEmpty {
      found.append(Element(attributes: attributes, content: ""))
    } else if let close = rest.range(of: "</\(name)>") {
      found.append(Element(attributes: attributes, content: String(rest[..<close.lowerBound])))
      rest = rest[close.upperBound...]
    }
  }
  return found
}

private func unescaped(_ text: String) -> String {
  text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
    .replacing("&apos;", with: "'").replacing("&amp;", with: "&")
}

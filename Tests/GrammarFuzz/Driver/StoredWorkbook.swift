import CZlib

extension Grammar {
  /// A workbook around the XML of one sheet, nothing in it compressed: so that inputs get past the
  /// archive's checksums and to what reads the sheet.
  static func workbook(sheet: [UInt8]) -> [UInt8] {
    storedArchive([
      (
        "[Content_Types].xml",
        Array(
          """
          <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override \
          PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.\
          spreadsheetml.sheet.main+xml"/></Types>
          """.utf8)
      ),
      (
        "xl/workbook.xml",
        Array(
          """
          <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
          xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>\
          <sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>
          """.utf8)
      ),
      (
        "xl/_rels/workbook.xml.rels",
        Array(
          """
          <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
          <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/\
          relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>
          """.utf8)
      ),
      ("xl/worksheets/sheet1.xml", sheet),
    ])
  }
}

/// A zip archive of files as they are.
private func storedArchive(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
  func number(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, bytes) in files {
    let sum = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe crc32(0, buffer.baseAddress, UInt32(buffer.count))
    }
    // Version, flags, method, time, date; the sum, both sizes; the lengths of name and extra field.
    let facts =
      number(20, bytes: 2) + number(0, bytes: 8) + number(Int(sum), bytes: 4)
      + number(bytes.count, bytes: 4) + number(bytes.count, bytes: 4)
      + number(name.utf8.count, bytes: 2) + number(0, bytes: 2)
    directory +=
      number(0x0201_4B50, bytes: 4) + number(20, bytes: 2) + facts + number(0, bytes: 10)
      + number(archive.count, bytes: 4) + Array(name.utf8)
    archive += number(0x0403_4B50, bytes: 4) + facts + Array(name.utf8) + bytes
  }
  let end =
    number(0x0605_4B50, bytes: 4) + number(0, bytes: 4) + number(files.count, bytes: 2)
    + number(files.count, bytes: 2) + number(directory.count, bytes: 4)
    + number(archive.count, bytes: 4) + number(0, bytes: 2)
  return archive + directory + end
}

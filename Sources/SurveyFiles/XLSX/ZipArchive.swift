import CExpat
import CZip
import SurveyData

/// The parts of a workbook, which is a ZIP file of XML files.
@safe final class ZipArchive {
  let file: String
  private let archive: OpaquePointer
  /// Bytes that the parts may unpack to, all in all: a small file may promise anything.
  private var allowance: Int

  init(_ file: String, size: Int) throws(XLSXError) {
    var code: Int32 = 0
    guard let archive = unsafe zip_open(file, ZIP_RDONLY, &code) else {
      throw .notWorkbook(file: file, reason: "it is no ZIP file")
    }
    unsafe self.archive = archive
    self.file = file
    allowance = max(64 << 20, size * 100)
  }

  deinit { unsafe zip_discard(archive) }

  func has(_ part: String) -> Bool { unsafe zip_name_locate(archive, part, 0) >= 0 }

  /// Reads a part from front to back, handing its elements and texts to `reader`.
  func read(_ part: String, by reader: any XMLReader) throws(XLSXError) {
    guard let entry = unsafe zip_fopen(archive, part, 0) else {
      throw .damagedPart(part, file: file, reason: "it is not there, or under a password")
    }
    defer { unsafe zip_fclose(entry) }
    guard let parser = unsafe XML_ParserCreate(nil) else {
      throw .damagedPart(part, file: file, reason: "there is no memory")
    }
    defer { unsafe XML_ParserFree(parser) }
    let context = XMLContext(reader)
    unsafe XML_SetUserData(parser, Unmanaged.passUnretained(context).toOpaque())
    unsafe XML_SetElementHandler(
      parser,
      { context, name, attributes in
        guard let context = unsafe context, let name = unsafe name else { return }
        unsafe contextBehind(context).start(name, attributes)
      },
      { context, name in
        guard let context = unsafe context, let name = unsafe name else { return }
        unsafe contextBehind(context).reader.end(plainName(name))
      })
    unsafe XML_SetCharacterDataHandler(parser) { context, text, count in
      guard let context = unsafe context, let text = unsafe text, count > 0 else { return }
      let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
      unsafe contextBehind(context).reader.text(bytes)
    }
    let capacity = 1 << 16
    var outcome: XLSXError?
    withExtendedLifetime(context) {
      unsafe withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 8) { buffer in
        while true {
          let count = unsafe Int(zip_fread(entry, buffer.baseAddress, zip_uint64_t(capacity)))
          guard count >= 0 else {
            outcome = .damagedPart(part, file: file, reason: "its packing is damaged")
            return
          }
          allowance -= count
          guard allowance >= 0 else {
            outcome = .oversized(file: file)
            return
          }
          let status = unsafe XML_Parse(
            parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(count),
            count == 0 ? 1 : 0)
          guard status != XML_STATUS_ERROR else {
            let line = unsafe XML_GetCurrentLineNumber(parser)
            let reason = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map {
              unsafe String(cString: $0)
            }
            outcome = .damagedPart(
              part, file: file, reason: "line \(line): \(reason ?? "it is no XML")")
            return
          }
          if count == 0 || reader.isDone { return }
        }
      }
    }
    if let outcome { throw outcome }
  }
}

/// What takes the elements of a part.
protocol XMLReader: AnyObject {
  /// Names come without the prefix of their namespace.
  func start(_ name: String, _ attributes: XMLAttributes)
  func end(_ name: String)
  /// A run of UTF-8; one text may come in several.
  @unsafe func text(_ bytes: UnsafeRawBufferPointer)
  /// Whether the rest of the part is of no interest.
  var isDone: Bool { get }
}

extension XMLReader {
  var isDone: Bool { false }
}

/// The attributes of an element, for as long as its start is being handled.
@safe struct XMLAttributes {
  private let start: UnsafeMutablePointer<UnsafePointer<CChar>?>?

  fileprivate init(_ start: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
    unsafe self.start = start
  }

  /// The value of an attribute, by its name without a prefix.
  subscript(name: String) -> String? {
    guard let start = unsafe start else { return nil }
    var index = 0
    while let key = unsafe start[index], let value = unsafe start[index + 1] {
      if unsafe plainName(key) == name { return unsafe String(cString: value) }
      index += 2
    }
    return nil
  }
}

private final class XMLContext {
  let reader: any XMLReader

  init(_ reader: any XMLReader) { self.reader = reader }

  @unsafe func start(
    _ name: UnsafePointer<CChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  ) {
    unsafe reader.start(plainName(name), XMLAttributes(attributes))
  }
}

@unsafe private func contextBehind(_ context: UnsafeMutableRawPointer) -> XMLContext {
  unsafe Unmanaged<XMLContext>.fromOpaque(context).takeUnretainedValue()
}

/// `row` of `x:row`.
@unsafe private func plainName(_ name: UnsafePointer<CChar>) -> String {
  let name = unsafe String(cString: name)
  guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
  return String(name[name.index(after: colon)...])
}

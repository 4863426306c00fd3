import CZlib
import SurveyData

/// One block of the case data of a `.zsav` file: bytecode under zlib.
struct CompressedBlock: Sendable {
  let offset: Int
  let compressedSize: Int
  let size: Int
}

extension SAVCursor {
  /// The blocks of a `.zsav` file, as the table behind them lists them.
  mutating func compressedBlocks() throws(SAVError) -> [CompressedBlock] {
    let start = offset
    begin(.compressedHeader, at: start)
    let header = try int64()
    guard header == start else { throw unusable("an offset of itself of", header) }
    let trailer = try int64()
    let length = try int64()
    guard trailer >= start + 24, trailer <= bytes.count else {
      throw unusable("an offset of the table of", trailer)
    }
    offset = trailer
    begin(.compressedTrailer, at: trailer)
    try skip(16)
    _ = try int32()
    let count = try int32()
    guard count >= 0, length == 24 + 24 * count else {
      throw unusable("a number of blocks of", count)
    }
    var blocks: [CompressedBlock] = []
    for _ in 0..<count {
      try skip(8)
      let offset = try int64()
      let size = try int32()
      let compressedSize = try int32()
      guard offset >= start + 24, offset <= trailer, compressedSize >= 0,
        compressedSize <= trailer - offset
      else { throw unusable("a block at", offset) }
      // SPSS packs 4 MB into a block, and zlib no more than 1032 bytes into one.
      guard size >= 0, size <= 1 << 24, size <= compressedSize * 1032 + 64 else {
        throw unusable("a block of unpacked size", size)
      }
      blocks.append(CompressedBlock(offset: offset, compressedSize: compressedSize, size: size))
    }
    return blocks
  }
}

/// Unpacks one block to exactly its size; `false` where it is no such block.
@unsafe func unpack(
  _ block: CompressedBlock, of file: UnsafePointer<UInt8>, into output: UnsafeMutablePointer<UInt8>
) -> Bool {
  var size = uLongf(block.size)
  let status = unsafe uncompress(
    output, &size, file + block.offset, uLong(block.compressedSize))
  return status == Z_OK && Int(size) == block.size
}

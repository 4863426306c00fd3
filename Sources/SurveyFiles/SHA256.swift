import CCrypto
import SurveyData

extension Bytes {
  /// The SHA-256 digest of the bytes, in lower-case hexadecimal.
  package var sha256: String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    withSpan(of: UInt8.self) { bytes in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe digest.withUnsafeMutableBufferPointer { digest in
          var state = SHA256_CTX()
          unsafe SHA256_Init(&state)
          unsafe SHA256_Update(&state, bytes.baseAddress, bytes.count)
          unsafe SHA256_Final(digest.baseAddress, &state)
        }
      }
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

extension DataSource {
  /// Of several files, the digest of their digests in order, one a line in lower-case hexadecimal:
  /// what `sha256sum FILE … | cut -c1-64 | sha256sum` prints. `nil` where one of them has none.
  public var sha256OfParts: String? {
    let digests = parts.compactMap(\.source.sha256)
    guard !parts.isEmpty, digests.count == parts.count else { return nil }
    return Bytes(Array(digests.map { $0 + "\n" }.joined().utf8)).sha256
  }
}

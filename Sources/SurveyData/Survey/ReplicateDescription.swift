/// Replicate weights in the words of the survey file and the command line: columns that hold them,
/// or how to make them from the design.
public struct ReplicateDescription: Sendable, Hashable {
  public var source: Source
  public var method: ReplicateMethod
  /// `nil`: the method's own (`ReplicateMethod.defaultScale`).
  public var scale: Double?
  /// One a replicate, or one for all; empty: 1 for all.
  public var rscales: [Double]
  /// Fay's ρ: a PSU left out of a half-sample keeps that share of its weight.
  public var rho: Double?
  /// Squares about the estimate itself (R: `mse = TRUE`), not about the mean of the replicates.
  public var isCentredOnEstimate: Bool

  /// Where the replicates come from.
  public enum Source: Sendable, Hashable {
    /// Combined weights in columns of the data: names, or patterns where `*` stands for any text.
    case columns([String])
    /// Made from strata and PSUs; only a bootstrap chooses their number and uses the seed.
    case design(count: Int, seed: UInt64)
  }

  /// Bootstrap replicates where no number is asked for.
  public static let usualCount = 500

  public init(
    _ source: Source, method: ReplicateMethod, scale: Double? = nil, rscales: [Double] = [],
    rho: Double? = nil, isCentredOnEstimate: Bool = false
  ) {
    self.source = source
    self.method = method
    self.scale = scale
    self.rscales = rscales
    self.rho = rho
    self.isCentredOnEstimate = isCentredOnEstimate
  }

  /// The columns named, patterns included.
  public var columns: [String] {
    if case .columns(let columns) = source { return columns }
    return []
  }

  public var hasPatterns: Bool { columns.contains { $0.contains("*") } }

  /// The same with every pattern replaced by the names that it fits, in their order.
  ///
  /// - Throws: where a pattern fits none of them.
  public func expandingPatterns(
    among names: [String], file: String
  ) throws(ReplicatePatternError) -> ReplicateDescription {
    guard hasPatterns else { return self }
    var expanded: [String] = []
    for column in columns {
      guard column.contains("*") else {
        expanded.append(column)
        continue
      }
      let matches = names.filter { fits($0, pattern: column) && !expanded.contains($0) }
      guard !matches.isEmpty else {
        throw ReplicatePatternError(pattern: column, file: file)
      }
      expanded += matches
    }
    var description = self
    description.source = .columns(expanded)
    return description
  }
}

/// How replicates are made, and so how their spread becomes a variance.
public enum ReplicateMethod: String, Sendable, CaseIterable {
  /// PSUs drawn with replacement within strata.
  case bootstrap
  /// Each PSU left out in turn, one stratum.
  case jk1
  /// Each PSU left out in turn, within its stratum.
  case jkn
  /// Balanced half-samples: strata of two PSUs.
  case brr
  /// Balanced half-samples in which the other half keeps a share ρ of its weight.
  case fay
  /// Successive differences, as the American Community Survey has them.
  case sdr

  /// The factor of the sum of squares over R replicates, but for their own (`rscales`): bootstrap
  /// 1/(R − 1), JK1 (R − 1)/R, JKn 1, BRR 1/R, Fay 1/(R(1 − ρ)²), successive differences 4/R
  /// (R survey 4.1, `svrepdesign`).
  public func defaultScale(replicates: Int, rho: Double = 0) -> Double {
    let count = Double(replicates)
    return switch self {
    case .bootstrap: 1 / (count - 1)
    case .jk1: (count - 1) / count
    case .jkn: 1
    case .brr: 1 / count
    case .fay: 1 / (count * (1 - rho) * (1 - rho))
    case .sdr: 4 / count
    }
  }
}

/// A pattern of replicate weights that no column fits.
public struct ReplicatePatternError: InputFault {
  public let pattern: String
  public let file: String

  public var fault: Fault { .data }
  public var description: String {
    "\(file): no column fits '\(pattern)', which should name the replicate weights. List the "
      + "columns with `pejling describe`."
  }
}

/// Whether a name is the pattern with some text, or none, in place of each `*`.
func fits(_ name: String, pattern: String) -> Bool {
  let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  guard parts.count > 1 else { return name == pattern }
  let (first, last) = (parts[0], parts[parts.count - 1])
  guard name.hasPrefix(first), name.hasSuffix(last), name.count >= first.count + last.count
  else { return false }
  var rest = name.dropFirst(first.count).dropLast(last.count)
  for part in parts.dropFirst().dropLast() where !part.isEmpty {
    guard let found = rest.firstRange(of: part) else { return false }
    rest = rest[found.upperBound...]
  }
  return true
}

import ArgumentParser
import FoundationEssentials
import SurveyData

/// Variance by replicate weights: columns that hold them, or how to make them from the design.
struct ReplicateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Columns of replicate weights: names, or a pattern such as 'w_*'.", valueName: "col,…"))
  var replicateWeights: String?

  @Option(
    help: ArgumentHelp(
      "bootstrap, jk1, jkn, brr, fay or sdr; made from strata and clusters where no columns are "
        + "named.", valueName: "method"))
  var replicateMethod: ReplicateMethod?

  @Option(
    help: ArgumentHelp("Factor of the sum of squares; the method's own.", valueName: "x"))
  var replicateScale: Double?

  @Option(
    help: ArgumentHelp(
      "Factors of each replicate's square: numbers, or @FILE with them.", valueName: "x,…"))
  var replicateRscales: String?

  @Option(help: ArgumentHelp("Fay's ρ.", valueName: "rho"))
  var fayRho: Double?

  @Flag(help: "Squares about the estimate, not about the mean of the replicates.")
  var mse = false

  @Option(help: ArgumentHelp("Bootstrap replicates to make (500).", valueName: "n"))
  var replicates: Int?

  @Option(help: ArgumentHelp("Seed of what is drawn by chance (1).", valueName: "n"))
  var seed: UInt64?

  func validate() throws {
    if let replicates, replicates < 2 {
      throw ValidationError("--replicates takes a number of at least 2, not \(replicates).")
    }
    if replicateWeights != nil, replicates != nil {
      throw ValidationError(
        "--replicates makes replicates and --replicate-weights reads them: leave one out.")
    }
  }

  /// The replicates of the options, over those of a survey file; `nil` where neither has any.
  func description(over file: ReplicateDescription?) throws -> ReplicateDescription? {
    let source = replicateWeights.map { ReplicateDescription.Source.columns(list($0)) }
    let made = ReplicateDescription.Source.design(
      count: replicates ?? ReplicateDescription.usualCount, seed: seed ?? 1)
    var description: ReplicateDescription
    if let method = replicateMethod ?? file?.method {
      // Another method has nothing of the survey file's columns and scales.
      if let file, replicateMethod == nil || replicateMethod == file.method {
        description = file
        if let source { description.source = source }
      } else {
        description = ReplicateDescription(source ?? made, method: method)
      }
    } else {
      guard !isGiven else {
        throw ValidationError(
          "Replicate weights need --replicate-method: bootstrap, jk1, jkn, brr, fay or sdr.")
      }
      return nil
    }
    if case .design(let count, let seed) = description.source {
      guard replicates == nil || description.method == .bootstrap else {
        throw ValidationError(
          "--replicates is for bootstrap: the design gives \(description.method.rawValue) its "
            + "number.")
      }
      description.source = .design(count: replicates ?? count, seed: self.seed ?? seed)
    }
    description.scale = replicateScale ?? description.scale
    if let replicateRscales { description.rscales = try numbers(replicateRscales) }
    description.rho = fayRho ?? description.rho
    if mse { description.isCentredOnEstimate = true }
    return description
  }

  private var isGiven: Bool {
    replicateWeights != nil || replicateScale != nil || replicateRscales != nil || fayRho != nil
      || mse || replicates != nil
  }

  /// Numbers between commas, or those of a file: between commas, spaces or line ends.
  private func numbers(_ text: String) throws -> [Double] {
    var written = text
    if text.hasPrefix("@") {
      let path = String(text.dropFirst())
      guard let content = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw ValidationError("--replicate-rscales: the file '\(path)' cannot be read.")
      }
      written = content
    }
    return try written.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { part in
      guard let number = Double(part), number.isFinite, number >= 0 else {
        throw ValidationError(
          "--replicate-rscales takes numbers of 0 or more, not '\(part)'.")
      }
      return number
    }
  }
}

extension ReplicateMethod: ExpressibleByArgument {}

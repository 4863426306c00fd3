import ArgumentParser
import SurveyData
import SurveyReports
import SurveyStatistics

struct Replicate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replicate",
    abstract: "Replicate weights made from the design, as columns beside the data.",
    discussion: """
      Says on standard error which options read them back.

      Example:
        pejling replicate fixtures/data/api/apistrat.csv --method jkn --weight pw --strata stype --quiet
      """)

  @OptionGroup var input: InputOptions
  @Option(
    help: ArgumentHelp("How they are made: bootstrap, jk1, jkn, brr or fay.", valueName: "method"))
  var method: ReplicateMethod
  @Option(
    help: ArgumentHelp("The columns' names, before _1, _2, ….", valueName: "name"))
  var name = "replicate"
  @OptionGroup(title: "Design options") var design: DesignOptions
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Write the CSV to a file.", valueName: "file"))
  var output: String?
  @Flag(help: "No note on standard error.")
  var quiet = false

  func validate() throws {
    guard design.replication.replicateMethod == nil, design.replication.replicateWeights == nil
    else {
      throw ValidationError("Replicates are made here: name how with --method alone.")
    }
  }

  func run() throws {
    let data = try InputData(input)
    var options = design
    options.replication.replicateMethod = method
    var file = data.file?.design ?? DesignDescription()
    file.replicates = nil
    let description = try options.description(over: file)
    let dataset = try data.read(nil)
    let dropped = try design.dropExpression().map { try dataset.domain(where: $0) }
    let replicated = try Design(description, in: dataset, keeping: dropped?.complement)
    let columns = replicated.replicateColumns(named: name)
    if let taken = columns.first(where: { dataset[$0.name] != nil }) {
      throw ValidationError(
        "\(input.input) has a column '\(taken.name)' already: choose another --name.")
    }
    try writeOutput(Array(dataset.with(columns).csv().utf8), to: output)
    if !quiet {
      report("read them back with " + replicated.optionsReadingBack(name, description.replicates!))
    }
  }
}

extension Design {
  /// The options under which the columns give the variance that the design gives.
  fileprivate func optionsReadingBack(
    _ name: String, _ description: ReplicateDescription
  ) -> String {
    guard let replicates else { return "" }
    let method = replicates.method
    var options = self.description.weight.map { "--weight \($0) " } ?? ""
    options += "--replicate-weights '\(name)_*' --replicate-method \(method.rawValue)"
    if let rho = description.rho { options += " --fay-rho \(shortestText(rho))" }
    if replicates.scale
      != method.defaultScale(replicates: replicates.count, rho: description.rho ?? 0)
    {
      options += " --replicate-scale \(shortestText(replicates.scale))"
    }
    let scales = replicates.rscales
    if method == .jkn || scales.contains(where: { $0 != 1 }) {
      let isConstant = scales.allSatisfy { $0 == scales[0] }
      options +=
        " --replicate-rscales "
        + (isConstant ? scales.prefix(1) : scales[...]).map(shortestText).joined(separator: ",")
    }
    if replicates.isCentredOnEstimate { options += " --mse" }
    return options
  }
}

import SurveyData

extension Design {
  /// Replicates made from the design with each set of start weights fitted to the margins anew, so
  /// that their spread knows of the margins (R: `calibrate` and `postStratify` of a replicate
  /// design). The margins' totals are those of the weights at hand.
  ///
  /// - Throws: where the respondents of a replicate cannot meet the margins.
  func reweighted(
    _ replicates: ReplicateWeights, by weighting: WeightingDescription, model: MarginModel,
    in dataset: Dataset
  ) throws -> ReplicateWeights {
    let units = ReplicateUnits(model, design: self)
    guard replicates.count * rowCount <= ReplicateMaker.mostMultipliers else {
      throw WeightingError.tooManyReplicates(
        replicates: replicates.count, rows: rowCount,
        most: ReplicateMaker.mostMultipliers / max(rowCount, 1))
    }
    let form: CalibrationDistance.Form =
      switch weighting.method {
      case .rake, .exponential: .exponential
      case .linear, .poststratify: .linear
      case .logit: .logit
      }
    let distance = CalibrationDistance(form: form, bounds: weighting.bounds)
    let psuOfRow = self.psuOfRow
    var weightsByReplicate: [[Double]] = []
    for replicate in 0..<replicates.count {
      let starts = replicates.deviations.withSpan(of: Double.self) { deviations in
        (0..<rowCount).map { row in
          units.starts[row]
            * max(0, 1 + deviations[Int(psuOfRow[row]) * replicates.count + replicate])
        }
      }
      let problem = units.problem(starts)
      do throws(CalibrationProblem.Failure) {
        let solution = try problem.calibrated(
          distance, tolerance: GroupFitting.calibrationTolerance, limit: GroupFitting.stepLimit)
        weightsByReplicate.append(units.weights(starts, solution.factors))
      } catch {
        throw WeightingError.replicateNotFitted(
          replicate: replicate + 1, category: units.name(error.column),
          file: dataset.source.path)
      }
    }
    let deviations = Bytes(of: Double.self, count: replicates.count * rowCount) { span in
      weights.withSpan(of: Double.self) { weights in
        for row in 0..<rowCount {
          for replicate in 0..<replicates.count {
            span[row * replicates.count + replicate] =
              weightsByReplicate[replicate][row] - weights[row]
          }
        }
      }
    }
    var description = description.replicates!
    description.rscales = []
    description.scale = nil
    return try ReplicateWeights(
      description, isMade: true, count: replicates.count, scale: replicates.scale,
      rscales: replicates.rscales, unit: .row, deviations: deviations)
  }

  /// The first-stage unit of each row.
  var psuOfRow: [Int32] {
    let stage = stages[0]
    guard stage.unitStarts != nil else { return Array(0..<Int32(rowCount)) }
    var result = [Int32](repeating: 0, count: rowCount)
    for unit in 0..<stage.unitCount {
      for row in stage.rowStart(ofUnit: unit)..<stage.rowStart(ofUnit: unit + 1) {
        result[row] = Int32(unit)
      }
    }
    return result
  }
}

/// Rows with the same auxiliary values as one unit of a calibration problem, and the totals that
/// replicates are to meet.
private struct ReplicateUnits {
  /// d by row; 0 where the row has no weight.
  let starts: [Double]
  private let model: MarginModel
  private let unitOfRow: [Int32]
  private let firstRows: [Int32]
  private let categories: UnitCategories
  private let numbers: [Double]
  private let precisions: [Double]
  private let targets: [Double]
  private let total: Double
  /// The columns of the problem as columns of the model; numbers stand last.
  private let modelColumns: [Int]

  init(_ model: MarginModel, design: Design) {
    self.model = model
    let rows = design.rowCount
    let weights = design.weights.withSpan(of: Double.self) { span in span.indices.map { span[$0] } }
    starts = (0..<rows).map { weights[$0] > 0 ? model.startWeights[$0] : 0 }
    total = weights.reduce(0, +)
    let numberColumns = Set(
      (0..<rows).flatMap { row in
        (model.marginCount..<model.entryCount).map {
          Int(model.columns[row * model.entryCount + $0])
        }
      })
    modelColumns =
      (0..<model.columnCount).filter { !numberColumns.contains($0) } + numberColumns.sorted()
    var place = [Int32](repeating: 0, count: model.columnCount)
    for (index, column) in modelColumns.enumerated() { place[column] = Int32(index) }

    var known: [[Int32]: Int32] = [:]
    var unitOfRow: [Int32] = []
    var firstRows: [Int32] = []
    for row in 0..<rows {
      let entries = Array(
        model.columns[row * model.entryCount..<row * model.entryCount + model.marginCount])
      if numberColumns.isEmpty, model.precisions.isEmpty, let unit = known[entries] {
        unitOfRow.append(unit)
        continue
      }
      known[entries] = Int32(firstRows.count)
      unitOfRow.append(Int32(firstRows.count))
      firstRows.append(Int32(row))
    }
    self.unitOfRow = unitOfRow
    self.firstRows = firstRows
    categories = UnitCategories(
      (0..<model.marginCount).flatMap { margin in
        firstRows.map { place[Int(model.columns[Int($0) * model.entryCount + margin])] }
      }, unitCount: firstRows.count, marginCount: model.marginCount,
      columnCount: model.columnCount)
    // A number of another group of `within` is 0 here.
    numbers = firstRows.flatMap { row in
      numberColumns.sorted().map { column in
        (model.marginCount..<model.entryCount).reduce(0) { sum, entry in
          Int(model.columns[Int(row) * model.entryCount + entry]) == column
            ? sum + model.value(Int(row), entry: entry) : sum
        }
      }
    }
    precisions = model.precisions.isEmpty ? [] : firstRows.map { model.precisions[Int($0)] }
    var targets = [Double](repeating: 0, count: model.columnCount)
    for row in 0..<rows {
      for entry in 0..<model.entryCount {
        let column = Int(place[Int(model.columns[row * model.entryCount + entry])])
        targets[column] += weights[row] * model.value(row, entry: entry)
      }
    }
    self.targets = targets
  }

  private var numberCount: Int { numbers.count / max(firstRows.count, 1) }

  func problem(_ starts: [Double]) -> CalibrationProblem {
    let scale = total / starts.reduce(0, +)
    var sums = [Double](repeating: 0, count: firstRows.count)
    for row in starts.indices { sums[Int(unitOfRow[row])] += starts[row] * scale }
    return CalibrationProblem(
      categories: categories, numberCount: numberCount, numbers: numbers, starts: sums,
      precisions: precisions, targets: targets)
  }

  func weights(_ starts: [Double], _ factors: [Double]) -> [Double] {
    let scale = total / starts.reduce(0, +)
    return starts.indices.map { starts[$0] * scale * factors[Int(unitOfRow[$0])] }
  }

  func name(_ column: Int) -> String { model.names[modelColumns[column]] }
}

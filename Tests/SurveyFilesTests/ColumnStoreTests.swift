import Foundation
import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("A column store gives back what was put into it")
struct ColumnStoreTests {
  /// Categories of one and two bytes, long texts, numbers with and without codes for the missing.
  static let dataset: Dataset = {
    let rows = 700
    func categorical(_ name: String, _ categories: [SurveyData.Category]) -> Column {
      let indices = (0..<rows).map { $0 * 7919 % categories.count }
      return Column(
        name: name,
        values: .categorical(CategoricalColumn(categories: categories, indices: indices)))
    }
    var numbers: [Double] = []
    var flags: [UInt8] = []
    for row in 0..<rows {
      let isMissing = row % 5 == 0
      numbers.append(isMissing ? .nan : Double(row) + 0.1)
      flags.append(isMissing ? UInt8(1 + row % 2) : 0)
    }
    var ambiguous = CategoricalColumn(
      categories: [SurveyData.Category(code: "1.234")],
      indices: [Int](repeating: 0, count: rows))
    ambiguous.areNumbersAmbiguous = true
    let texts: [SurveyData.Category] = (0..<600).map { .init(code: "svar \($0)\næøå") }
    let refusals: [SurveyData.Category] = [
      .init(code: "-1", missing: .refused), .init(code: "-2", missing: .refused),
    ]
    let income = NumericColumn(bytes: Bytes(numbers), reasons: Bytes(flags), missing: refusals)
    let weights: [Double?] = (0..<rows).map { Double($0) / 3 }
    let columns: [Column] = [
      categorical(
        "q1", [.init(code: "1"), .init(code: "0101"), .init(code: "9", missing: .dontKnow)]),
      categorical("tekst, \"lang\"\nø", texts + [.init(code: "", missing: .noAnswer)]),
      Column(name: "income", values: .numeric(income)),
      Column(name: "weight", values: .numeric(NumericColumn(weights))),
      Column(name: "tvetydig", values: .categorical(ambiguous)),
    ]
    var q1 = Variable(
      name: "q1", label: LocalizedText(da: "Tillid", en: "Trust"),
      question: LocalizedText("Hvor tit?"), kind: .categorical,
      categories: [
        LabelledCategory(code: "1", label: LocalizedText("Ja")),
        LabelledCategory(code: "9", label: LocalizedText(da: "Ved ikke"), missing: .dontKnow),
      ], nets: [Net(name: "high", codes: ["1"], label: LocalizedText("Højt"))],
      statements: ["high": LocalizedText(da: "har tillid")])
    q1.measurement = .ordinal
    var set = MultiResponseSet(name: "krav", columns: ["q1"], selected: "2")
    set.coding = .categories
    return Dataset(
      rowCount: rows, columns: columns,
      codebook: Codebook(variables: ["q1": q1], multiResponseSets: [set]))
  }()

  @Test("values, reasons, codes, labels and order")
  func roundTrip() throws {
    try withStore { store in
      try writeColumnStore(Self.dataset, to: store, warnings: ["Bemærk."])
      let reading = try readColumnStore(at: store, selecting: .all)
      expectSame(reading.dataset, Self.dataset)
      #expect(reading.warnings == ["Bemærk."])
      #expect(reading.dataset.source.sha256?.count == 64)
      #expect(try checkColumnStore(at: store) > 5)
      guard case .categorical(let column) = try reading.dataset.column("tvetydig").values else {
        Issue.record("numbers")
        return
      }
      #expect(column.areNumbersAmbiguous)
    }
  }

  @Test("only the columns selected are touched: the others' files may be gone")
  func selection() throws {
    try withStore { store in
      try writeColumnStore(Self.dataset, to: store)
      let q1 = try readColumnStore(at: store, selecting: .only(["q1": .asFound]))
      #expect(q1.dataset.columns.map(\.name) == ["q1"])
      #expect(q1.dataset.source.columnNames == Self.dataset.columns.map(\.name))
      let files = try columnFiles(store).sorted {
        try size($0) < size($1)
      }
      try FileManager.default.removeItem(at: files.last!)
      _ = try readColumnStore(at: store, selecting: .only(["q1": .asFound]))
      #expect(throws: ColumnStoreError.self) {
        _ = try readColumnStore(at: store, selecting: .all)
      }
    }
  }

  @Test("rows in design order keep the source's numbers, and go back to its order")
  func order() throws {
    try withStore { store in
      let dataset = Self.dataset
      let rows = (0..<Int32(dataset.rowCount)).sorted { ($0 % 7, $0) < ($1 % 7, $1) }
      let order = DesignOrder(
        strata: [], clusters: [], isNested: false, rowCount: rows.count,
        stratumStarts: [0, Int32(rows.count)], unitStarts: [])
      try writeColumnStore(
        dataset, to: store, order: StoreOrder(weight: "weight", design: order, rows: rows))
      let stored = try readColumnStore(at: store, selecting: .all).dataset
      let weights = try #require(stored["weight"])
      #expect(answers(weights)[1] == shortestText(7.0 / 3))
      #expect(stored.source.place(ofRow: 1).row == 8)
      expectSame(stored.inSourceOrder, dataset)
      #expect(stored.inSourceOrder.source.designOrder == nil)
    }
  }

  /// Three strata of rows, 60 clusters of ten by number, and two rows at the end out of the design.
  static let sorted: (dataset: Dataset, order: StoreOrder) = {
    let rows = 602
    let strata = [SurveyData.Category(code: "a"), .init(code: "b"), .init(code: "c")]
    let columns: [Column] = [
      Column(
        name: "stratum",
        values: .categorical(
          CategoricalColumn(categories: strata, indices: (0..<rows).map { min($0 / 200, 2) }))),
      Column(
        name: "school", values: .numeric(NumericColumn((0..<rows).map { Double($0 / 10) * 1.5 }))),
      Column(
        name: "pupil", values: .numeric(NumericColumn((0..<rows).map { Double($0) * 1.5 }))),
    ]
    let order = DesignOrder(
      strata: ["stratum"], clusters: ["school", "pupil"], isNested: false, rowCount: 600,
      stratumStarts: [0, 200, 400, 600], unitStarts: [(0...60).map { Int32($0 * 10) }, []])
    return (
      Dataset(rowCount: rows, columns: columns),
      StoreOrder(weight: nil, design: order, rows: (0..<Int32(rows)).map { $0 })
    )
  }()

  @Test("where units begin is kept, and holds for the designs that it is of")
  func units() throws {
    try withStore { store in
      try writeColumnStore(Self.sorted.dataset, to: store, order: Self.sorted.order)
      let dataset = try readColumnStore(at: store, selecting: .all).dataset
      let order = try #require(dataset.source.designOrder)
      #expect(order.rowCount == 600 && order.stratumStarts == [0, 200, 400, 600])
      #expect(order.unitStarts.map(\.count) == [61, 0])
      func isOrder(
        _ strata: [String], _ clusters: [String], isNested: Bool = false, of dataset: Dataset
      ) -> Bool {
        order.isOrder(
          of: DesignDescription(strata: strata, clusters: clusters, isNested: isNested),
          in: dataset)
      }
      #expect(isOrder(["stratum"], ["school", "pupil"], of: dataset))
      #expect(isOrder(["stratum"], ["school"], isNested: true, of: dataset))
      #expect(isOrder(["stratum"], [], of: dataset))
      #expect(!isOrder([], ["school"], of: dataset))
      #expect(!isOrder(["stratum"], ["pupil"], of: dataset))
      // A column that is put in the place of a stratum, or a stratum that is declared missing.
      let other = dataset.with([
        Column(name: "stratum", values: try dataset.column("school").values)
      ])
      #expect(!isOrder(["stratum"], ["school"], of: other))
      let declared = try dataset.declaringMissing(
        [MissingDeclaration(column: "stratum", codes: ["c"])], sparing: [])
      #expect(!isOrder(["stratum"], ["school"], of: declared))
    }
  }

  @Test(
    "units that cannot be are damage",
    arguments: [
      ([0, 200, 400, 601], [0, 600]), ([1, 200, 600], [0, 600]), ([0, 400, 200, 600], [0, 600]),
      ([0, 200, 400, 600], [0, 300, 600]), ([0, 200, 600], [0, 200]),
    ] as [([Int32], [Int32])])
  func impossibleUnits(strata: [Int32], clusters: [Int32]) throws {
    try withStore { store in
      let order = DesignOrder(
        strata: ["stratum"], clusters: ["school"], isNested: false, rowCount: 600,
        stratumStarts: strata, unitStarts: [clusters])
      try writeColumnStore(
        Self.sorted.dataset, to: store,
        order: StoreOrder(weight: nil, design: order, rows: Self.sorted.order.rows))
      let error = #expect(throws: ColumnStoreError.self) {
        _ = try readColumnStore(at: store, selecting: .all)
      }
      #expect(error?.description.contains("does not say where units begin") == true)
    }
  }

  @Test("a store is written over by a rename, and what it no longer needs is removed")
  func rewriting() throws {
    try withStore { store in
      try writeColumnStore(Self.dataset, to: store)
      let before = try columnFiles(store).count
      let smaller = Dataset(
        rowCount: 2, columns: [Column(name: "x", values: .numeric(NumericColumn([1, nil])))])
      try writeColumnStore(smaller, to: store)
      #expect(try columnFiles(store).count == 1 && before > 1)
      expectSame(try readColumnStore(at: store, selecting: .all).dataset, smaller)
    }
  }

  @Test("what is there and is no store is left alone")
  func otherFolders() throws {
    try withStore { store in
      try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: true)
      #expect(throws: UnwritableFile.self) { try writeColumnStore(Self.dataset, to: store) }
      #expect(throws: ColumnStoreError.self) {
        _ = try readColumnStore(at: store, selecting: .all)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: store).isEmpty)
    }
    #expect(throws: ColumnStoreError.self) {
      _ = try readColumnStore(at: "/no/such.pejl", selecting: .all)
    }
  }

  @Test("damage is an error that names the store")
  func damage() throws {
    try withStore { store in
      try writeColumnStore(Self.dataset, to: store)
      let manifest = URL(filePath: store + "/manifest.json")
      let text = try String(contentsOf: manifest, encoding: .utf8)
      func expectDamaged(_ changed: String) throws {
        try Data(changed.utf8).write(to: manifest)
        do {
          _ = try readColumnStore(at: store, selecting: .all)
          Issue.record("it was read")
        } catch let error as ColumnStoreError {
          #expect(error.description.hasPrefix(store) && error.description.hasSuffix("."))
        }
      }
      try expectDamaged("")
      try expectDamaged(String(text.dropLast(20)))
      try expectDamaged(text.replacing("pejling-store/1", with: "pejling-store/9"))
      try expectDamaged(text.replacing("\"rows\" : 700", with: "\"rows\" : 701"))
      try expectDamaged(text.replacing("\"width\" : 1", with: "\"width\" : 3"))
      try expectDamaged(text.replacing("\"code\" : \"0101\"", with: ""))
      try expectDamaged(text.replacing(".column", with: "/../x"))
      try Data(text.utf8).write(to: manifest)
      _ = try readColumnStore(at: store, selecting: .all)
      for file in try columnFiles(store) {
        let bytes = try Data(contentsOf: file)
        var changed = bytes
        changed[changed.count - 1] ^= 0x40
        try changed.write(to: file)
        #expect(throws: ColumnStoreError.self) { _ = try checkColumnStore(at: store) }
        try bytes.write(to: file)
      }
      _ = try checkColumnStore(at: store)
    }
  }

  @Test(
    "codes are checked when a store is opened, and few of them counted", arguments: [24, 25, 300])
  func codes(categories: Int) throws {
    let indices = (0..<1000).map { $0 * $0 % (categories - 1) }
    let column = CategoricalColumn(
      categories: (0..<categories).map { SurveyData.Category(code: "\($0)") }, indices: indices)
    try withStore { store in
      try writeColumnStore(
        Dataset(rowCount: 1000, columns: [Column(name: "q", values: .categorical(column))]),
        to: store)
      let stored = try readColumnStore(at: store, selecting: .all).dataset.column("q").values
      guard case .categorical(let read) = stored else {
        Issue.record("it is no column of categories")
        return
      }
      #expect((read.countedFrequencies != nil) == (categories <= 24))
      #expect(read.frequencies() == column.frequencies())
      let files = try columnFiles(store)
      let file = try #require(
        files.first { try Data(contentsOf: $0).count == 1000 * column.width.rawValue })
      var bytes = try Data(contentsOf: file)
      // The last row's code is the first one beyond, little-endian.
      for byte in 0..<column.width.rawValue {
        bytes[bytes.count - column.width.rawValue + byte] = UInt8(categories >> (8 * byte) & 255)
      }
      try bytes.write(to: file)
      let error = #expect(throws: ColumnStoreError.self) {
        _ = try readColumnStore(at: store, selecting: .all)
      }
      #expect(error?.description.contains("has codes beyond its dictionary") == true)
    }
  }

  @Test("a cache gives what the file gives, and is made anew when the file changes")
  func cache() throws {
    let text = "id,q1,tal\n1,ja,0.5\n2,nej,\n3,ja,7\n"
    try withFile(Array(text.utf8), named: "answers.csv") { (path: String) throws -> Void in
      let store = path + ".pejl"
      let plain = try readData(at: path, selecting: .all)
      for _ in 0..<2 {
        let cached = try readCachedData(at: path, selecting: .all)
        expectSame(cached.dataset, plain.dataset)
        #expect(cached.dataset.source.path == path)
        #expect(cached.dataset.source.sha256 == plain.dataset.source.sha256)
        #expect(cached.dataset.source.place(ofRow: 1).line == 3)
      }
      let some = try readCachedData(at: path, selecting: .only(["q1": .category]))
      #expect(some.dataset.columns.map(\.name) == ["q1"])
      #expect(some.dataset.source.columnNames == ["id", "q1", "tal"])
      // The same size and another time: the hash tells.
      try Data(text.replacing("7", with: "8").utf8).write(to: URL(filePath: path))
      let changed = try readCachedData(at: path, selecting: .all)
      #expect(answers(try changed.dataset.column("tal")).last == "8")
      // Damage is no error: the file is at hand.
      for file in try columnFiles(store) { try FileManager.default.removeItem(at: file) }
      let again = try readCachedData(at: path, selecting: .all)
      #expect(answers(try again.dataset.column("tal")).last == "8")
      #expect(try checkColumnStore(at: store) == 3)
    }
  }

  // MARK: Helpers

  private func withStore(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pejling-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path + "/data.pejl")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left.allSatisfy { $0 == "data.pejl" }, "nothing stays behind")
  }

  private func columnFiles(_ store: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: URL(filePath: store), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "column" }
  }

  private func size(_ file: URL) throws -> Int {
    try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
  }
}

/// Rows, columns, codes, reasons and the whole codebook.
func expectSame(_ found: Dataset, _ expected: Dataset) {
  #expect(found.rowCount == expected.rowCount)
  #expect(found.columns.map(\.name) == expected.columns.map(\.name))
  for (a, b) in zip(found.columns, expected.columns) {
    #expect(answersWithCodes(a) == answersWithCodes(b), "\(b.name)")
    if case .categorical(let a) = a.values, case .categorical(let b) = b.values {
      #expect(a.categories == b.categories)
    }
  }
  #expect(found.codebook.multiResponseSets == expected.codebook.multiResponseSets)
  #expect(Set(found.codebook.variables.keys) == Set(expected.codebook.variables.keys))
  for (name, variable) in expected.codebook.variables {
    guard let other = found.codebook.variables[name] else { continue }
    #expect(String(describing: other) == String(describing: variable))
  }
}

/// A column row by row: the code and the reason, of numbers too.
func answersWithCodes(_ column: Column) -> [String] {
  guard case .numeric(let numbers) = column.values else { return answers(column) }
  return (0..<numbers.rowCount).map { row in
    numbers.missingCategory(at: row).map { "\($0.code) (\($0.missing!.rawValue))" }
      ?? shortestText(numbers.withValues { $0[row] })
  }
}

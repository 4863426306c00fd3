import SurveyData
import SurveyFiles
import SurveyTestSupport
import Testing

@Suite("A survey file held against its data")
struct SurveyApplicationTests {
  private static let head = "survey: A\ndata: [answers.csv]\n"

  @Test("columns are renamed, coded and labelled; numbers keep the reasons of missing codes")
  func applied() throws {
    let file = try survey(
      Self.head + """
        variables:
          trust: {source: "Q[1]", categories: {2: High, 1: Low}, missing: {9: dontKnow}}
          cases: {type: numeric, missing: {n/a: notApplicable, 999: refused}}
        """)
    let data = try file.dataset(from: [
      dataset("Q[1],cases,other\n1,30,x\n2,n/a,y\n9,999,\n,,x\n1,4.5,x\n")
    ])
    #expect(data.columns.map(\.name) == ["trust", "cases", "other"])
    #expect(try data.shown("trust") == ["1", "2", "(dontKnow)", "(noAnswer)", "1"])
    #expect(try data.categories("trust").categories.map(\.code) == ["2", "1", "9", ""])
    #expect(
      try data.shown("cases") == ["30", "(notApplicable)", "(refused)", "(noAnswer)", "4.5"])
    #expect(try data.shown("other") == ["x", "y", "(noAnswer)", "x", "x"])
    #expect(data.codebook.label(of: "2", in: "trust", language: .da) == "High")
    #expect(data.source.columnNames == ["trust", "cases", "other"])
    #expect(data.source.sha256 == "hash of answers.csv")
  }

  @Test("an empty cell is no answer, unless the data file or, before it, the variable says else")
  func emptyCells() throws {
    let file = try survey(
      """
      survey: A
      data: [{file: answers.csv, empty: breakOff}]
      variables:
        a: {categories: [x]}
        b: {empty: notAsked}
        c: {type: numeric}
        d: {missing: {"": refused}}
      """)
    let data = try file.dataset(from: [dataset("a,b,c,d,e\nx,,,,\nx,1,2,3,4\n")])
    #expect(try data.shown("b") == ["(notAsked)", "1"])
    #expect(try data.shown("c") == ["(breakOff)", "2"])
    #expect(try data.shown("d") == ["(refused)", "3"])
    #expect(try data.shown("e") == ["(breakOff)", "4"])
  }

  @Test("a data file's missing codes hold wherever the variable does not list the code")
  func missingOfTheFile() throws {
    let file = try survey(
      """
      survey: A
      data: [{file: answers.csv, missing: {8: ved ikke, 9: refused}}]
      variables: {a: {categories: [1, 9]}, b: {type: numeric}}
      """)
    let data = try file.dataset(from: [dataset("a,b,c\n1,8,8\n9,9,1\n8,10,9\n")])
    #expect(try data.shown("a") == ["1", "9", "(dontKnow)"])
    #expect(try data.shown("b") == ["(dontKnow)", "(refused)", "10"])
    #expect(try data.shown("c") == ["(dontKnow)", "1", "(refused)"])
  }

  static let misfits: [(yaml: String, data: String, message: String)] = [
    (
      "variables: {age_grup: {}}", "age_group\n1\n",
      "survey.yaml:3:13: the data have no column 'age_grup' for the variable 'age_grup' "
        + "('answers.csv'). Did you mean 'age_group'?"
    ),
    (
      "variables: {q: {categories: [1, 2]}}", "q\n1\n3\n2\n3\n",
      "survey.yaml:3:13: 'q' has no code '3', but 2 rows have it, first answers.csv:3. "
        + "Add the code to its categories or missing codes, or correct the data. A code is what "
        + "stands in the data, number or text."
    ),
    (
      "variables: {q: {categories: [Agree]}}", "q\nAgree\nAgre\n",
      "survey.yaml:3:13: 'q' has no code 'Agre', but 1 row has it, first answers.csv:3. "
        + "Did you mean 'Agree'? Add the code to its categories or missing codes, or correct the "
        + "data. A code is what stands in the data, number or text."
    ),
    (
      "variables: {q: {type: numeric}}", "q\n1\nx\n",
      "survey.yaml:3:13: 'q' is to be numbers, but 1 row has 'x', first answers.csv:3. "
        + "List the code under missing, or correct the data."
    ),
    (
      "variables: {q: {nets: {top: [1, 5]}}}", "q\n1\n2\n",
      "survey.yaml:3:24: the net 'top' holds the code '5', which is nowhere in 'q' in the data. "
        + "Correct the code, or describe the variable's categories."
    ),
    (
      "variables: {a: {source: q}}", "q,a\n1,1\n",
      "survey.yaml:3:13: answers.csv has a column named 'a' already. "
        + "Give this one another name."
    ),
    (
      "derived: {a: {any: [q == 1]}}", "q,a\n1,1\n",
      "survey.yaml:3:11: answers.csv has a column named 'a' already. "
        + "Give this one another name."
    ),
    (
      "derived: {d: {any: ['q == 1', 'q == 1 or strss == 1']}}", "q,stress\n1,1\n",
      "survey.yaml:3:42: 'd' names the column 'strss', which neither the data nor the survey "
        + "file has. Did you mean 'stress'?"
    ),
    (
      "derived: {d: {bands: {of: cases, cuts: [1]}}}", "q\n1\n",
      "survey.yaml:3:11: 'd' names the column 'cases', which neither the data nor the survey "
        + "file has. List the columns with `pejling describe`."
    ),
    (
      "multi: {m: {columns: [q, r]}}", "q\n1\n",
      "survey.yaml:3:9: the set 'm' names the column 'r', which neither the data nor the survey "
        + "file has. Did you mean 'q'?"
    ),
    (
      "design: {weight: wieght}", "weight\n1\n",
      "survey.yaml:3:1: the design names the column 'wieght', which neither the data nor the "
        + "survey file has. Did you mean 'weight'?"
    ),
    (
      "derived: {d: {recode: {of: q, map: {1: 1}}}}", "q\n1\n2\n2\n",
      "survey.yaml:3:11: the map of 'd' has no entry for the code '2', but 2 rows have it, "
        + "first answers.csv:3. Add an entry for it."
    ),
    (
      "derived: {d: {bands: {of: q, cuts: [1]}}}", "q\n1\nmany\n",
      "survey.yaml:3:11: 'q' is to be numbers, but 1 row has 'many', first answers.csv:3. "
        + "List the code under missing, or correct the data."
    ),
    (
      "derived: {d: {any: ['q == 1', 'q < 2']}}", "q\n1\nx\n",
      "survey.yaml:3:32: The condition cannot be used at character 1: 'q' holds 'x', which is no "
        + "number, so it has no order. Use == or in.\n  q < 2\n  ^"
    ),
  ]

  @Test(
    "what does not fit the data is told with both lines and the value", arguments: misfits.indices)
  func misfit(index: Int) {
    let (yaml, data, expected) = Self.misfits[index]
    #expect(message(Self.head + yaml + "\n", dataset(data)) == expected)
  }

  @Test("two waves are stacked: one dictionary, not asked where a file lacks the column")
  func waves() throws {
    let file = try survey(
      """
      survey: A
      data:
        - {file: a.csv, wave: 2020, empty: breakOff}
        - {file: b.csv, wave: 2018}
      variables:
        q: {categories: {1: A, 2: B}, missing: {9: dontKnow}}
        new: {categories: {1: A}}
        wave: {label: Year}
      """)
    let parts = [
      dataset("q,free,n\n1,x,1\n,y,x\n9,x,2\n", path: "a.csv"),
      dataset("new,free,q,n\n1,z,2\n1,x,\n".replacing(",n\n", with: "\n"), path: "b.csv"),
    ]
    let data = try file.dataset(from: parts)
    #expect(data.rowCount == 5)
    #expect(data.columns.map(\.name) == ["q", "free", "n", "new", "wave"])
    #expect(try data.shown("q") == ["1", "(breakOff)", "(dontKnow)", "2", "(noAnswer)"])
    #expect(try data.categories("q").categories.prefix(2).map(\.code) == ["1", "2"])
    #expect(try data.shown("free") == ["x", "y", "x", "z", "x"])
    #expect(try data.categories("free").categories.map(\.code) == ["x", "y", "z"])
    #expect(try data.shown("n") == ["1", "x", "2", "(notAsked)", "(notAsked)"])
    #expect(
      try data.shown("new") == ["(notAsked)", "(notAsked)", "(notAsked)", "1", "1"])
    #expect(try data.shown("wave") == ["2020", "2020", "2020", "2018", "2018"])
    #expect(data.codebook.label(of: "wave", language: .en) == "Year")
    #expect(data.source.path == "a.csv")
    #expect(data.source.parts.map(\.source.sha256) == ["hash of a.csv", "hash of b.csv"])
    #expect("\(data.source.place(ofRow: 1))" == "a.csv:3")
    #expect("\(data.source.place(ofRow: 3))" == "b.csv:2")
  }

  @Test("a code outside the scale in the second wave is told with that file's line")
  func strangeCodeInSecondWave() {
    let told = message(
      """
      survey: A
      data: [{file: a.csv, wave: 1}, {file: b.csv, wave: 2}]
      variables: {q: {categories: [1]}}
      """, dataset("q\n1\n", path: "a.csv"), dataset("q\n1\n2\n", path: "b.csv"))
    #expect(told.contains("'q' has no code '2', but 1 row has it, first b.csv:3."), "\(told)")
  }

  @Test("one wave of several is read: what only the others have is missed when it is asked for")
  func oneWave() throws {
    var file = try survey(
      """
      survey: A
      data: [{file: a.csv, wave: 1}, {file: b.csv, wave: 2}]
      variables: {q: {categories: [1]}, new: {categories: [1]}}
      derived: {d: {any: [new == 1]}, e: {any: [q == 1, other == 1]}}
      """)
    let part = dataset("q\n1\n", path: "a.csv")
    file.dataFiles.removeLast()
    #expect(try file.dataset(from: [part]).columns.map(\.name) == ["q", "wave"])
    #expect(try file.dataset(from: [part], selecting: ["q"]).rowCount == 1)
    for (name, missed) in [("new", "new"), ("d", "new"), ("e", "other")] {
      do {
        _ = try file.dataset(from: [part], selecting: [name])
        Issue.record("\(name) was made without its column")
      } catch {
        #expect(
          "\(error)".contains("the column '\(missed)'")
            || "\(error)".contains("no column '\(missed)'"), "\(error)")
      }
    }
  }

  @Test("a code that is an answer in one wave and missing in another is told")
  func validAndMissing() {
    let told = message(
      """
      survey: A
      data: [{file: a.csv, wave: 1, missing: [9]}, {file: b.csv, wave: 2}]
      """, dataset("q\n1\n9\n", path: "a.csv"), dataset("q\n9\n", path: "b.csv"))
    #expect(
      told == "survey.yaml:2:15: the code '9' of 'q' is an answer in one data file and missing in "
        + "another ('a.csv', 'b.csv'). Describe the variable, so that it means one thing.")
  }

  @Test("numbers of one wave and numeric codes of another become numbers")
  func mixedNumbers() throws {
    let file = try survey("survey: A\ndata: [a.csv, b.csv]\n")
    let numbers = Dataset(
      rowCount: 2,
      columns: [Column(name: "q", values: .numeric(NumericColumn([1.5, nil])))],
      source: DataSource(path: "b.csv"))
    let data = try file.dataset(from: [dataset("q\n3\n\n1\n", path: "a.csv"), numbers])
    #expect(try data.shown("q") == ["3", "1", "1.5", "(noAnswer)"])
  }

  @Test("the columns needed are those of the data, behind derived variables and sets")
  func columnsNeeded() throws {
    let file = try survey(
      """
      survey: A
      data: [{file: a.csv, wave: 1}]
      variables:
        q: {source: Q1, categories: [1]}
        n: {source: N1, type: numeric, missing: {99: refused}}
        t: {type: numeric, missing: {n/a: refused}}
      multi: {m: {columns: [c1, q]}}
      derived:
        d: {any: ["q == 1", "z == 1"]}
        e: {all: ["d == 1", "f == 2"]}
        f: {bands: {of: n, cuts: [3]}}
      """)
    #expect(
      file.columnsNeeded(for: ["e", "m", "wave", "t"]) == [
        NeededColumn(source: "Q1", kind: .categorical), NeededColumn(source: "z", kind: nil),
        NeededColumn(source: "N1", kind: .numeric), NeededColumn(source: "c1", kind: nil),
        NeededColumn(source: "t", kind: .categorical),
      ])
  }

  @Test("only what is selected is kept, with what it derives from")
  func selection() throws {
    let file = try survey(
      Self.head
        + "variables: {q: {source: Q1}}\nderived: {d: {any: ['q == 1']}, e: {any: ['r == 1']}}\n")
    var part = dataset("Q1,r,s\n1,1,1\n")
    part = Dataset(rowCount: 1, columns: [part["Q1"]!], source: part.source)
    let data = try file.dataset(from: [part], selecting: ["d"])
    #expect(Set(data.columns.map(\.name)) == ["d", "q"])
    // What was not read is not computed either.
    #expect(Set(try file.dataset(from: [part]).columns.map(\.name)) == ["d", "q"])
    #expect(data.source.columnNames == ["q", "r", "s", "d", "e"])
  }
}

/// What was asked for on the command line.
struct Arguments {
  enum Mode: Equatable {
    case run, list, help
    /// One call of the kernel, for a tool that counts instructions.
    case count
    /// The guard: `check` compares, `accept` rewrites.
    case check(String)
    case accept(String)
  }

  var mode = Mode.run
  var workloads: [Workload] = []
  var rows = [1_000_000]
  var orders = BenchmarkSurvey.RowOrder.allCases
  var rounds = 30
  var threads = 2
  var clock = Timing.Clock.wall
  var json: String?
  var reason: String?

  static let usage = """
    bench [WORKLOAD …] [--rows N[,N …]] [--order random|sorted] [--rounds N] [--threads N]
          [--clock wall|cpu] [--json FILE]
    bench --list
    bench --check FILE
    bench --accept FILE --reason TEXT [WORKLOAD …]
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    func value(of option: String) throws -> String {
      guard let value = rest.popFirst() else { throw BenchError("\(option) needs a value") }
      return value
    }
    func number(_ text: String, _ option: String) throws -> Int {
      guard let number = Int(text), number > 0 else {
        throw BenchError("\(option) '\(text)' is no number above 0")
      }
      return number
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--list": mode = .list
      case "--help", "-h": mode = .help
      case "--count": mode = .count
      case "--check": mode = .check(try value(of: argument))
      case "--accept": mode = .accept(try value(of: argument))
      case "--reason": reason = try value(of: argument)
      case "--json": json = try value(of: argument)
      case "--rounds": rounds = try number(value(of: argument), argument)
      case "--threads": threads = try number(value(of: argument), argument)
      case "--rows":
        rows = try value(of: argument).split(separator: ",").map {
          try number(String($0.replacing("_", with: "")), argument)
        }
      case "--clock":
        let word = try value(of: argument)
        guard let named = Timing.Clock(rawValue: word) else {
          throw BenchError("--clock is wall or cpu, not '\(word)'")
        }
        clock = named
      case "--order":
        let word = try value(of: argument)
        guard let order = BenchmarkSurvey.RowOrder(rawValue: word) else {
          throw BenchError("--order is random or sorted, not '\(word)'")
        }
        orders = [order]
      case _ where argument.hasPrefix("-"):
        throw BenchError("no option is named '\(argument)'\n\(Self.usage)")
      default: workloads.append(try Workload.named(argument))
      }
    }
    if workloads.isEmpty { workloads = Workload.all }
  }
}

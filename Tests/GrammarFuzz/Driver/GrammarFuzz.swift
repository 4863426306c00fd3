import CLibFuzzer
import Glibc

/// libFuzzer on one of our grammars:
///
///     grammar-fuzz GRAMMAR [FOLDER_OF_INPUTS …] [-max_total_time=120 …]
///
/// Each input is read or refused with a sentence. `scripts/fuzz-grammars` runs all of them; the target
/// is there only where the environment says PEJLING_FUZZ=1, since all is built with counters for it.
@main
struct GrammarFuzz {
  static func main() {
    guard CommandLine.arguments.count > 1,
      let grammar = Grammar(rawValue: CommandLine.arguments[1])
    else {
      print("grammar-fuzz GRAMMAR [FOLDER …] [-OPTION=…]")
      print("grammars: \(Grammar.allCases.map(\.rawValue).joined(separator: " "))")
      exit(64)
    }
    prepare(grammar)
    let words = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    unsafe arguments.withUnsafeMutableBufferPointer { buffer in
      var count = Int32(words.count)
      var start = buffer.baseAddress
      exit(
        unsafe LLVMFuzzerRunDriver(&count, &start) { bytes, count in
          let input = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
          return unsafe tryInput(Array(input))
        })
    }
  }
}

/// What an input is read as. libFuzzer's function takes no context.
private nonisolated(unsafe) var chosen = Grammar.csv
private nonisolated(unsafe) var folder = ""

private func prepare(_ grammar: Grammar) {
  unsafe chosen = grammar
  // In memory, and gone with the process.
  let name = "/dev/shm/pejling-fuzz-\(getpid())"
  unsafe mkdir(name, 0o700)
  unsafe folder = name
  atexit {
    unsafe Grammar.removeFiles(of: folder)
  }
  do {
    try grammar.prepare(in: name)
  } catch {
    print("cannot begin: \(error)")
    exit(70)
  }
}

private func tryInput(_ bytes: [UInt8]) -> Int32 {
  do {
    try unsafe chosen.read(bytes, in: folder)
  } catch {
    // What users are told is a sentence; a bare case's name is a fault of ours.
    // Below it a condition may be shown with a mark.
    let text = "\(error)".prefix { $0 != "\n" }
    guard text.hasSuffix(".") || text.hasSuffix("?") else { fatalError("no sentence: \(text)") }
  }
  return 0
}

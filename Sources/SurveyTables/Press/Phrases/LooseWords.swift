/// Words of a sentence that no number bears: they judge ("kun"), or count nothing ("mange").
public enum LooseWords {
  private static let judging: Set<String> = ["kun", "blot", "hele", "only", "merely"]
  private static let uncounted = ["mange", "en del", "many"]

  /// Those that stand in a sentence, in its order.
  public static func found(in sentence: String) -> (judging: [String], uncounted: [String]) {
    let words = sentence.lowercased().split { !$0.isLetter }.map(String.init)
    let text = " " + words.joined(separator: " ") + " "
    var loose = uncounted.filter { text.contains(" \($0) ") }
    // "flere" alone counts nothing; "flere end" and "lidt flere" compare.
    for (index, word) in words.enumerated() where word == "flere" {
      let next = index + 1 < words.count ? words[index + 1] : ""
      let previous = index > 0 ? words[index - 1] : ""
      if next != "end", previous != "lidt" { loose.append(word) }
    }
    let judged = words.indices.filter { index in
      // "hele tiden" is an answer, not a judgement.
      let isTime = words[index] == "hele" && words[index...].dropFirst().first == "tiden"
      return judging.contains(words[index]) && !isTime
    }
    return (judged.map { words[$0] }, loose)
  }
}

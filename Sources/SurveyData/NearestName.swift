/// The candidate that a misspelt name most likely meant: the least edit distance, and no more than
/// a third of the name's length (or one letter's case); of equally near ones the one that begins as
/// the name does. Where none is near, the only one that contains the name: long headers hold short
/// ones, as `likert4[recog1]._. …` holds `recog1`.
package func nearestName(to name: String, among candidates: [String]) -> String? {
  let limit = max(1, name.count / 3)
  let folded = Array(name.lowercased())
  var best: (name: String, distance: Int, prefix: Int)?
  for candidate in candidates {
    let other = Array(candidate.lowercased())
    guard abs(other.count - folded.count) <= limit else { continue }
    let distance = editDistance(folded, other)
    let prefix = zip(folded, other).prefix { $0 == $1 }.count
    if distance <= limit, (distance, -prefix) < best.map({ ($0.distance, -$0.prefix) }) ?? (.max, 0)
    {
      best = (candidate, distance, prefix)
    }
  }
  if let best { return best.name }
  guard name.count >= 4 else { return nil }
  let containing = candidates.filter { $0.lowercased().contains(name.lowercased()) }
  return containing.count == 1 ? containing[0] : nil
}

/// Insertions, deletions, replacements and swaps of neighbours between two words.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        cost = min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}

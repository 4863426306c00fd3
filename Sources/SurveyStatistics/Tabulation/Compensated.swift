/// A sum that carries its own rounding error (Knuth's two-sum): adding millions of terms costs no
/// more than the last bit, whatever their order and size. Inlined in other modules too.
package struct Compensated: Sendable, BitwiseCopyable {
  @usableFromInline var sum = 0.0
  @usableFromInline var error = 0.0

  @inlinable package init() {}

  package init(_ value: Double) { sum = value }

  init(sum: Double, error: Double) {
    self.sum = sum
    self.error = error
  }

  package var value: Double { sum + error }

  @inlinable @inline(__always)
  package mutating func add(_ term: Double) {
    let total = sum + term
    let added = total - sum
    error += (sum - (total - added)) + (term - added)
    sum = total
  }

  @inline(__always)
  package mutating func add(_ other: Compensated) {
    add(other.sum)
    error += other.error
  }
}

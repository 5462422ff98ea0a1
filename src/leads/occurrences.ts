/**
 * Numbers (hashes) of which each is one or more students': who has which in common. Some bytes for each number, so that those of a
 * large class can be compared.
 */
export class Occurrences {
  /** Of the first student all different numbers, in any order, then of the second, and so on. */
  #numbers = new Float64Array(1024)
  readonly #ends: number[] = []
  /** Where in `#sorted` the holders of a number begin, for each place of `#numbers`. */
  #runs = new Uint32Array(0)
  /** Places of `#numbers`, those of equal numbers beside each other. */
  #sorted = new Uint32Array(0)

  /** The numbers of the next student; students are counted from 0. */
  add(numbers: Iterable<number>): void {
    let end = this.#ends.at(-1) ?? 0
    for (const number of new Set(numbers)) {
      if (end === this.#numbers.length) this.#numbers = grown(this.#numbers)
      this.#numbers[end++] = number
    }
    this.#ends.push(end)
  }

  /** Afterwards it can be asked. */
  sort(): void {
    const numbers = this.#numbers
    const end = this.#ends.at(-1) ?? 0
    this.#sorted = Uint32Array.from({ length: end }, (_, place) => place)
    this.#sorted.sort((a, b) => numbers[a]! - numbers[b]! || a - b)
    this.#runs = new Uint32Array(end)
    let start = 0
    for (const [at, place] of this.#sorted.entries()) {
      if (numbers[place] !== numbers[this.#sorted[start]!]) start = at
      this.#runs[place] = start
    }
  }

  /** A student's numbers, and how many students have each. */
  *of(student: number): Generator<{ readonly number: number; readonly holders: number; readonly place: number }> {
    for (let place = this.#start(student); place < this.#ends[student]!; place++)
      yield { number: this.#numbers[place]!, holders: this.#end(place) - this.#runs[place]!, place }
  }

  /** Who has the number that is at a place, in order. */
  *holdersAt(place: number): Generator<number> {
    for (let at = this.#runs[place]!; at < this.#end(place); at++) yield this.#student(this.#sorted[at]!)
  }

  #start(student: number): number {
    return student === 0 ? 0 : this.#ends[student - 1]!
  }

  /** Where the holders of the number at a place end. */
  #end(place: number): number {
    const start = this.#runs[place]!
    let [low, high] = [start + 1, this.#sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#runs[this.#sorted[middle]!] === start) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Whose place it is. */
  #student(place: number): number {
    let [low, high] = [0, this.#ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ends[middle]! > place) high = middle
      else low = middle + 1
    }
    return low
  }
}

function grown(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

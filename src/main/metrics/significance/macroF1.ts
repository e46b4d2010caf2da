/** F1 averaged over classes of two systems, computed fast for many resamples and exchanges of the same rows. */

/** What is right and what each of two systems answered: class indices. */
export interface ClassAnswers {
  classes: number
  truth: ArrayLike<number>
  first: ArrayLike<number>
  second: ArrayLike<number>
}

interface MacroF1Difference {
  first: number
  second: number
  resampled: { first: (indices: Int32Array) => number; second: (indices: Int32Array) => number }
  /** Only rows with two answers need be exchanged; `difference` is second less first. */
  exchanged: { rows: number; difference: (exchanged: Uint8Array) => number }
}

export function macroF1Difference({ classes, truth, first, second }: ClassAnswers): MacroF1Difference {
  const rows = truth.length
  const ofRows = (answers: ArrayLike<number>) => (indices: ArrayLike<number>) => {
    const tally = new Tally(classes)
    for (let i = 0; i < indices.length; i++) tally.add(truth[indices[i]!]!, answers[indices[i]!]!)
    return tally.macroF1()
  }
  const all = Int32Array.from({ length: rows }, (_, row) => row)
  const differing = all.filter((row) => first[row] !== second[row])
  const common = new Tally(classes)
  for (const row of all) if (first[row] === second[row]) common.add(truth[row]!, first[row]!)
  const [one, other] = [new Tally(classes), new Tally(classes)]
  return {
    first: ofRows(first)(all),
    second: ofRows(second)(all),
    resampled: { first: ofRows(first), second: ofRows(second) },
    exchanged: {
      rows: differing.length,
      difference(exchanged) {
        one.copy(common)
        other.copy(common)
        differing.forEach((row, i) => {
          one.add(truth[row]!, exchanged[i] ? second[row]! : first[row]!)
          other.add(truth[row]!, exchanged[i] ? first[row]! : second[row]!)
        })
        return other.macroF1() - one.macroF1()
      },
    },
  }
}

/** True positives, answers and truths by class. */
class Tally {
  private readonly hits: Int32Array
  private readonly answered: Int32Array
  private readonly wanted: Int32Array

  constructor(classes: number) {
    this.hits = new Int32Array(classes)
    this.answered = new Int32Array(classes)
    this.wanted = new Int32Array(classes)
  }

  add(truth: number, answer: number): void {
    this.answered[answer]!++
    this.wanted[truth]!++
    if (truth === answer) this.hits[truth]!++
  }

  copy(other: Tally): void {
    this.hits.set(other.hits)
    this.answered.set(other.answered)
    this.wanted.set(other.wanted)
  }

  /** Over classes that occur in truth or answers; 0 where a class is never hit (scikit-learn's zero_division). */
  macroF1(): number {
    let sum = 0
    let seen = 0
    this.hits.forEach((hits, c) => {
      const both = this.answered[c]! + this.wanted[c]!
      if (both === 0) return
      seen++
      sum += (2 * hits) / both
    })
    return seen === 0 ? NaN : sum / seen
  }
}

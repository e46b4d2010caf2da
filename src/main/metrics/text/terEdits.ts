/**
 * Edit distance with block shifts (Snover et al. 2006), following `lib_ter.py` of sacreBLEU 2.6 step by step: greedy
 * shifts ranked as Tercom ranks them, and an edit distance that stays near the diagonal. Words are integers.
 */
import { invariant } from '../../../shared/errors'

const MAX_SHIFT_SIZE = 10
const MAX_SHIFT_DISTANCE = 50
const BEAM_WIDTH = 25
const MAX_SHIFT_CANDIDATES = 1000
const UNREACHED = 1e9

const [KEEP, SUBSTITUTE, DELETE, INSERT, UNDEFINED] = [0, 1, 2, 3, 4]

type Words = readonly number[]

/** The edits, shifts included, that turn the hypothesis into the reference. */
export function terEdits(hypothesis: Words, reference: Words): number {
  if (reference.length === 0) return hypothesis.length
  let words = hypothesis
  let shifts = 0
  let candidates = 0
  for (;;) {
    const matrix = new EditMatrix(words, reference)
    const best = bestShift(matrix, words, reference, candidates)
    candidates = best.candidates
    if (candidates >= MAX_SHIFT_CANDIDATES || best.gain <= 0) return shifts + matrix.distance
    shifts++
    words = best.words
  }
}

interface Shift {
  gain: number
  words: Words
  candidates: number
}

/** The shift that saves most; on a tie the longest, then the earliest, then the one to the earliest target. */
function bestShift(matrix: EditMatrix, words: Words, reference: Words, checked: number): Shift {
  const { align, hypothesisErrors, referenceErrors } = alignment(matrix)
  let best: { rank: [number, number, number, number]; words: Words } | undefined
  let candidates = checked
  for (const [from, to, length] of commonBlocks(words, reference)) {
    if (!hypothesisErrors.slice(from, from + length).includes(true)) continue
    if (!referenceErrors.slice(to, to + length).includes(true)) continue
    if (from <= align[to]! && align[to]! < from + length) continue
    let previous = -1
    for (let offset = -1; offset < length; offset++) {
      const aligned = to + offset === -1 ? -1 : align[to + offset]
      if (aligned === undefined) break
      const target = aligned + 1
      if (target === previous) continue
      previous = target
      const shifted = shift(words, from, length, target)
      const gain = matrix.distance - matrix.distanceOf(shifted)
      const rank: [number, number, number, number] = [gain, length, -from, -target]
      candidates++
      if (!best || isHigher(rank, best.rank)) best = { rank, words: shifted }
    }
    if (candidates >= MAX_SHIFT_CANDIDATES) break
  }
  return { gain: best?.rank[0] ?? 0, words: best?.words ?? words, candidates }
}

function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((value, k) => value !== b[k])
  return i >= 0 && a[i]! > b[i]!
}

function shift(words: Words, from: number, length: number, target: number): Words {
  const block = words.slice(from, from + length)
  const rest = [...words.slice(0, from), ...words.slice(from + length)]
  // A target behind the block counts its words; one within it means as many places further on.
  const at = target > from + length ? target - length : target
  return [...rest.slice(0, at), ...block, ...rest.slice(at)]
}

/** Blocks of up to ten words that both have: start in the hypothesis, start in the reference, length. */
function* commonBlocks(words: Words, reference: Words): Generator<[number, number, number]> {
  for (let from = 0; from < words.length; from++) {
    const first = Math.max(0, from - MAX_SHIFT_DISTANCE)
    const last = Math.min(reference.length - 1, from + MAX_SHIFT_DISTANCE)
    for (let to = first; to <= last; to++)
      for (
        let length = 1;
        length <= MAX_SHIFT_SIZE &&
        from + length <= words.length &&
        to + length <= reference.length &&
        words[from + length - 1] === reference[to + length - 1];
        length++
      )
        yield [from, to, length]
  }
}

interface Alignment {
  /** For each word of the reference, its place in the hypothesis, or the place it is missing after. */
  align: number[]
  hypothesisErrors: boolean[]
  referenceErrors: boolean[]
}

function alignment(matrix: EditMatrix): Alignment {
  const result: Alignment = { align: [], hypothesisErrors: [], referenceErrors: [] }
  let [i, j] = [-1, -1]
  for (const operation of matrix.trace()) {
    if (operation !== INSERT) {
      i++
      result.hypothesisErrors.push(operation !== KEEP)
    }
    if (operation !== DELETE) {
      j++
      result.align[j] = i
      result.referenceErrors.push(operation !== KEEP)
    }
  }
  return result
}

/** Edit distances of prefixes of the hypothesis (rows) and the reference (columns), near the diagonal only. */
class EditMatrix {
  readonly distance: number
  private readonly words: Words
  private readonly reference: Words
  private readonly width: number
  private readonly ratio: number
  private readonly beam: number
  private readonly costs: Int32Array
  private readonly operations: Uint8Array
  /** Rows of a shifted hypothesis, from the first word that differs. */
  private readonly shifted: Int32Array

  constructor(words: Words, reference: Words) {
    this.words = words
    this.reference = reference
    this.width = reference.length + 1
    this.ratio = words.length > 0 ? reference.length / words.length : 1
    this.beam = BEAM_WIDTH < this.ratio / 2 ? Math.ceil(this.ratio / 2 + BEAM_WIDTH) : BEAM_WIDTH
    const size = (words.length + 1) * this.width
    this.costs = new Int32Array(size).fill(UNREACHED)
    this.operations = new Uint8Array(size).fill(UNDEFINED)
    this.shifted = new Int32Array(size)
    for (let j = 0; j < this.width; j++) this.costs[j] = j
    this.operations.fill(INSERT, 0, this.width)
    for (let i = 1; i <= words.length; i++) this.fillRow(i, words[i - 1]!, this.costs, this.operations)
    this.distance = this.costs[size - 1]!
  }

  /** Distance of the same words in another order. */
  distanceOf(words: Words): number {
    let same = 0
    while (same < words.length && words[same] === this.words[same]) same++
    const start = same * this.width
    this.shifted.set(this.costs.subarray(start, start + this.width), start)
    for (let i = same + 1; i <= words.length; i++) this.fillRow(i, words[i - 1]!, this.shifted)
    return this.shifted[this.shifted.length - 1]!
  }

  /** Operations from the first word on, of the hypothesis into the reference. */
  trace(): number[] {
    const trace: number[] = []
    let [i, j] = [this.words.length, this.reference.length]
    while (i > 0 || j > 0) {
      const operation = this.operations[i * this.width + j]!
      invariant(operation !== UNDEFINED, 'the edit distance left its beam')
      trace.push(operation)
      if (operation !== INSERT) i--
      if (operation !== DELETE) j--
    }
    return trace.reverse()
  }

  /** On equal costs keeping or substituting goes before deleting, deleting before inserting. */
  private fillRow(i: number, word: number, costs: Int32Array, operations?: Uint8Array): void {
    const { width, reference, beam } = this
    const diagonal = Math.floor(i * this.ratio)
    const first = Math.max(0, diagonal - beam)
    const last = i === this.words.length ? width : Math.min(width, diagonal + beam)
    const row = i * width
    costs.fill(UNREACHED, row, row + width)
    for (let j = first; j < last; j++) {
      const removed = costs[row - width + j]! + 1
      let [cost, operation] = [removed, DELETE]
      if (j > 0) {
        const same = word === reference[j - 1]
        const replaced = costs[row - width + j - 1]! + (same ? 0 : 1)
        if (replaced <= removed) [cost, operation] = [replaced, same ? KEEP : SUBSTITUTE]
        const inserted = costs[row + j - 1]! + 1
        if (inserted < cost) [cost, operation] = [inserted, INSERT]
      }
      if (cost >= UNREACHED) continue
      costs[row + j] = cost
      if (operations) operations[row + j] = operation
    }
  }
}

/**
 * Masked language modelling (Devlin et al. 2018, as Transformers' DataCollatorForLanguageModeling): each token is drawn
 * with a probability; of those drawn 80 % become the mask, 10 % another token, 10 % stay. Special tokens are not drawn.
 * A row that draws none masks the one that came nearest, so that no row is without a question. What a row draws is a
 * pure function of the key and its number.
 */
import { RandomStream } from '../random/stream'
import { type LabelledRows, rowCount, type TokenRows } from './rows'

export interface MaskSettings {
  probability: number
  maskId: number
  /** Tokens that replace others are drawn from ids below this. */
  vocabSize: number
  isSpecial: (id: number) => boolean
  /**
   * The word each token is of, −1 for special ones: words are drawn as wholes. `null`: tokens are drawn one by one.
   */
  words: Int32Array | null
}

const MASKED_SHARE = 0.8
const REPLACED_SHARE = 0.1

/** `key`: seed, purpose and epoch. Labels are the ids before masking. */
export function maskRows(rows: TokenRows, settings: MaskSettings, ...key: readonly number[]): LabelledRows {
  const ids = Int32Array.from(rows.ids)
  const offsets = new Int32Array(rowCount(rows) + 1)
  const positions: number[] = []
  const labels: number[] = []
  for (let row = 0; row < rowCount(rows); row++) {
    const random = new RandomStream(...key, row)
    const start = rows.offsets[row]!
    for (const position of drawn(rows, row, settings, random)) {
      positions.push(position)
      labels.push(ids[start + position]!)
      ids[start + position] = replaced(ids[start + position]!, settings, random)
    }
    offsets[row + 1] = positions.length
  }
  return {
    ids,
    offsets: rows.offsets,
    typeIds: rows.typeIds,
    places: { positions: Int32Array.from(positions), offsets },
    labels: Int32Array.from(labels),
  }
}

/** Positions of a row that are asked about, ascending. */
function drawn(rows: TokenRows, row: number, settings: MaskSettings, random: RandomStream): number[] {
  const { probability, words, isSpecial } = settings
  const chosen: number[] = []
  let nearest = { draw: Infinity, positions: [] as number[] }
  for (const unit of units(rows, row, words, isSpecial)) {
    const draw = random.uniform()
    if (draw < probability) chosen.push(...unit)
    if (draw < nearest.draw) nearest = { draw, positions: unit }
  }
  return chosen.length > 0 ? chosen : nearest.positions
}

/** What is drawn together: single tokens, or all tokens of a word. */
function* units(
  { ids, offsets }: TokenRows,
  row: number,
  words: Int32Array | null,
  isSpecial: (id: number) => boolean,
): Generator<number[]> {
  const [start, end] = [offsets[row]!, offsets[row + 1]!]
  for (let at = start; at < end;) {
    let next = at + 1
    if (words) while (next < end && words[next] === words[at]) next++
    const isOutside = words ? words[at] === -1 : isSpecial(ids[at]!)
    if (!isOutside) yield Array.from({ length: next - at }, (_, i) => at - start + i)
    at = next
  }
}

function replaced(id: number, { maskId, vocabSize }: MaskSettings, random: RandomStream): number {
  const draw = random.uniform()
  if (draw < MASKED_SHARE) return maskId
  return draw < MASKED_SHARE + REPLACED_SHARE ? random.below(vocabSize) : id
}

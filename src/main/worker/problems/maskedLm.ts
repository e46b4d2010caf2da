/** The tokens under masks: what pretrains an encoder, and fills blanks. */
import type { AskedRow } from '../../../shared/domain/run'
import { UserError } from '../../../shared/errors'
import type { EncodedRows } from '../../engine/tokenize/encodeRows'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import { maskRows, type MaskSettings } from '../../engine/train/masking'
import { answersOf, type AskedRows, type LabelledRows } from '../../engine/train/rows'
import { PURPOSE } from '../../engine/random/stream'
import { argMax, likeliest, logCounts, softmax } from './logits'
import type { Known, Problem } from './problem'

/** Tokens told for each mask. */
const FILLS = 5

export const maskedLm: Problem = {
  id: 'masked-lm',
  hasOneClass: false,
  referenceRole: null,
  needsWords: ({ whole_word }) => whole_word,
  readReference: () => null,
  labelsOf: () => [],
  ask(encoded, { tokenizer }) {
    const mask = maskToken(tokenizer)
    const { ids, offsets, typeIds } = encoded
    const answers = new Int32Array(offsets.length)
    const positions: number[] = []
    for (let row = 0; row + 1 < offsets.length; row++) {
      const [start, end] = [offsets[row]!, offsets[row + 1]!]
      for (let at = start; at < end; at++) if (ids[at] === mask.id) positions.push(at - start)
      answers[row + 1] = positions.length
      if (answers[row] === positions.length)
        throw new UserError('bad-input', 'The text has no blank to fill.', {
          where: { row: row + 1 },
          hint: `Write ${mask.token} where a token is wanted, within the first ${end - start} tokens.`,
        })
    }
    return { ids, offsets, typeIds, places: { positions: Int32Array.from(positions), offsets: answers } }
  },
  label(encoded, { split }, _roles, known) {
    const settings = maskSettings(encoded, known)
    const { seed } = known.settings
    // Held-out rows are asked the same questions at every evaluation.
    if (split !== 'train') return { rows: maskRows(encoded, settings, seed, PURPOSE.heldOutMasking) }
    const ofEpoch = (epoch: number) => maskRows(encoded, settings, seed, PURPOSE.masking, epoch)
    return { rows: ofEpoch(0), ofEpoch }
  },
  newScorer(rows) {
    let hits = 0
    return {
      add(answer, logits) {
        if (argMax(logits) === rows.labels[answer]) hits++
      },
      metrics: (loss) => ({ accuracy: hits / rows.labels.length, pseudo_perplexity: Math.exp(loss) }),
    }
  },
  keep({ rows }, row, answer, logits, { tokenizer }) {
    const scores = softmax(logits)
    const best = argMax(scores)
    const token = (id: number) => tokenizer.idToToken(id) ?? String(id)
    const place = answer - answersOf(rows, row).from
    const label = token(rows.labels[answer]!)
    return { said: [{ place, label, predicted: token(best), confidence: scores[best]! }] }
  },
  askedText({ encoded: { ids, offsets }, rows }, row, { tokenizer }) {
    const blanks = ids.slice(offsets[row], offsets[row + 1])
    const { from, to } = answersOf(rows, row)
    for (let answer = from; answer < to; answer++)
      blanks[rows.places!.positions[answer]!] = maskToken(tokenizer).id
    return withBlanks(blanks, tokenizer)
  },
  describe(inputs, _encoded, asked, logits, { tokenizer }) {
    const classes = logits.length / asked.places!.positions.length
    return inputs.map((input, row) => {
      const { from, to } = answersOf(asked, row)
      const ids = asked.ids.slice(asked.offsets[row], asked.offsets[row + 1])
      const blanks = Int32Array.from(ids)
      const fills = Array.from({ length: to - from }, (_, k) => {
        const best = likeliest(logits.subarray((from + k) * classes, (from + k + 1) * classes), FILLS)
        const position = asked.places!.positions[from + k]!
        ids[position] = best[0]!.id
        blanks[position] = maskToken(tokenizer).id
        return best.map(({ id, score }) => ({ token: tokenizer.idToToken(id) ?? String(id), score }))
      })
      return {
        ...input,
        text: withBlanks(blanks, tokenizer),
        fills,
        filled: tokenizer.decode(ids),
        ...referenceOf(input, asked, row, tokenizer),
      }
    })
  },
  /** How often each token occurs in the training rows, whatever stands around the mask. */
  baselines({ encoded }, _held, { tokenizer }) {
    const ordinary = encoded.ids.filter((id) => !tokenizer.isSpecial(id))
    const logits = logCounts(ordinary, tokenizer.idCount)
    return [{ name: 'unigram', logitsOf: () => logits }]
  },
}

function maskToken(tokenizer: Tokenizer): { token: string; id: number } {
  const { mask } = tokenizer.specialTokens
  if (mask) return mask
  throw new UserError('bad-config', 'The tokenizer has no mask token.', {
    where: { field: 'tokenizer' },
    hint: 'Masked language modelling needs one, as [MASK] of BERT: use another tokenizer.',
  })
}

function maskSettings({ words }: EncodedRows, { tokenizer, settings }: Known): MaskSettings {
  return {
    probability: settings.mlm_probability,
    maskId: maskToken(tokenizer).id,
    vocabSize: tokenizer.idCount,
    isSpecial: (id) => tokenizer.isSpecial(id),
    words: settings.whole_word ? words : null,
  }
}

/** The text with its masks in it, without what the tokenizer puts around a text. */
function withBlanks(ids: Int32Array, tokenizer: Tokenizer): string {
  const mask = maskToken(tokenizer).id
  const kept = ids.filter((id) => id === mask || !tokenizer.isSpecial(id))
  return tokenizer.decode(kept, { skipSpecialTokens: false })
}

/** The tokens that were there, where they are known. */
function referenceOf(
  input: AskedRow,
  asked: AskedRows,
  row: number,
  tokenizer: Tokenizer,
): Pick<AskedRow, 'reference'> {
  if (input.reference !== undefined || !('labels' in asked)) return {}
  const { from, to } = answersOf(asked, row)
  const labels = (asked as LabelledRows).labels.slice(from, to)
  return { reference: Array.from(labels, (id) => tokenizer.idToToken(id) ?? String(id)) }
}

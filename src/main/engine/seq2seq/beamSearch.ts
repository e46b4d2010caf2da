/**
 * Generation as in Transformers' `generate`: greedy and beam search, and sampling. The model is a function from the tokens
 * so far to the scores of the next; this file knows no runtime.
 */
import { logSumExp } from '../objectives/crossEntropy'

/** One text being written. */
export interface Hypothesis {
  ids: readonly number[]
  /** Sum of log-probabilities. */
  score: number
}

export interface SearchRules {
  startId: number
  endId: number
  /** Must be the first token after the start, or the one at the last place. */
  forcedFirstId: number | null
  forcedLastId: number | null
  /** Tokens that are never written. */
  bannedIds: readonly number[]
  /** Probabilities of what may be written add up to 1 again (`renormalize_logits`). */
  renormalize: boolean
  /** Tokens at most, the start among them. */
  maxLength: number
}

export interface BeamSettings {
  beams: number
  /** Scores are divided by the number of tokens written to this power. */
  lengthPenalty: number
  /** Done as soon as there are as many finished texts as beams. */
  stopsEarly: boolean
}

export interface SampleSettings {
  temperature: number
  /** The likeliest tokens whose probabilities add up to this (Holtzman et al. 2020). */
  topP: number
  /** Uniform numbers in [0, 1), those of one text alone. */
  next: () => number
}

/**
 * Logits [V] of the next token for each row; `from[i]` is the row of the call before that row i goes on from (a row of
 * the texts at the first call).
 */
export type NextLogits = (
  ids: readonly (readonly number[])[],
  from: readonly number[],
) => Promise<Float32Array[]>

interface Beam extends Hypothesis {
  row: number
}

interface Open {
  beams: Beam[]
  finished: Hypothesis[]
  isDone: boolean
}

/**
 * The best text for each of `count` sources. A source is done once it has as many finished texts as beams and none that
 * is still written can become better.
 */
export async function beamSearch(
  count: number,
  model: NextLogits,
  rules: SearchRules,
  { beams, lengthPenalty, stopsEarly }: BeamSettings,
): Promise<number[][]> {
  const sources = Array.from({ length: count }, (_, row): Open => {
    return { beams: [{ ids: [rules.startId], score: 0, row }], finished: [], isDone: false }
  })
  const normalized = ({ ids, score }: Hypothesis) => score / (ids.length - 1) ** lengthPenalty
  const keep = (open: Open, text: Hypothesis) => {
    open.finished.push(text)
    open.finished.sort((a, b) => normalized(b) - normalized(a))
    open.finished.length = Math.min(open.finished.length, beams)
  }
  for (let length = 1; length < rules.maxLength; length++) {
    const active = sources.filter((open) => !open.isDone)
    if (active.length === 0) break
    const rows = active.flatMap((open) => open.beams)
    const logits = await model(
      rows.map(({ ids }) => ids),
      rows.map(({ row }) => row),
    )
    let row = 0
    for (const open of active) {
      const candidates = open.beams.flatMap((beam) => {
        const from = row++
        const scores = allowedLogProbabilities(logits[from]!, rules, length)
        return best(scores, 2 * beams).map((id) => ({ beam, from, id, score: beam.score + scores[id]! }))
      })
      candidates.sort((a, b) => b.score - a.score)
      const going: Beam[] = []
      for (const [rank, { beam, from, id, score }] of candidates.slice(0, 2 * beams).entries()) {
        const text = { ids: [...beam.ids, id], score }
        if (score === -Infinity) continue
        if (id !== rules.endId && length + 1 < rules.maxLength) going.push({ ...text, row: from })
        else if (rank < beams) keep(open, text)
        if (going.length === beams) break
      }
      open.beams = going
      open.isDone = going.length === 0 || cannotImprove(open, length)
    }
  }
  return sources.map(({ finished }) => [...(finished[0]?.ids ?? [])])

  function cannotImprove({ beams: going, finished }: Open, length: number): boolean {
    if (finished.length < beams) return false
    if (stopsEarly) return true
    // As Transformers judges with early_stopping=False: by the length the text has now.
    return normalized(finished.at(-1)!) >= going[0]!.score / length ** lengthPenalty
  }
}

/** One text drawn for each source. */
export async function sample(
  model: NextLogits,
  rules: SearchRules,
  settings: readonly SampleSettings[],
): Promise<number[][]> {
  const texts = settings.map(() => [rules.startId])
  let open = settings.map((_, text) => ({ text, row: text }))
  for (let length = 1; length < rules.maxLength && open.length > 0; length++) {
    const logits = await model(
      open.map(({ text }) => texts[text]!),
      open.map(({ row }) => row),
    )
    open.forEach(({ text }, i) =>
      texts[text]!.push(drawn(allowedLogProbabilities(logits[i]!, rules, length), settings[text]!)),
    )
    open = open.flatMap(({ text }, row) => (texts[text]!.at(-1) === rules.endId ? [] : [{ text, row }]))
  }
  return texts
}

/** Log-probabilities of the next token; a forced one has 0 and all others −∞, as has what is banned. */
function allowedLogProbabilities(logits: Float32Array, rules: SearchRules, length: number): Float64Array {
  const { forcedFirstId, forcedLastId, bannedIds, maxLength } = rules
  const forced =
    length === 1 && forcedFirstId !== null ? forcedFirstId : length === maxLength - 1 ? forcedLastId : null
  if (forced !== null) {
    const only = new Float64Array(logits.length).fill(-Infinity)
    only[forced] = 0
    return only
  }
  const shift = logSumExp(logits)
  const scores = Float64Array.from(logits, (logit) => logit - shift)
  for (const id of bannedIds) scores[id] = -Infinity
  if (!rules.renormalize) return scores
  const left = Math.log(scores.reduce((mass, score) => mass + Math.exp(score), 0))
  return scores.map((score) => score - left)
}

/** Places of the largest values, the largest first. */
function best(values: Float64Array, count: number): number[] {
  const found: number[] = []
  for (let i = 0; i < values.length; i++) {
    if (found.length === count && values[i]! <= values[found.at(-1)!]!) continue
    let at = found.length
    while (at > 0 && values[i]! > values[found[at - 1]!]!) at--
    found.splice(at, 0, i)
    if (found.length > count) found.pop()
  }
  return found
}

function drawn(scores: Float64Array, { temperature, topP, next }: SampleSettings): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b)
  const largest = scores[order[0]!]!
  const weights = order.map((id) => Math.exp((scores[id]! - largest) / temperature))
  const total = weights.reduce((a, b) => a + b, 0)
  let [kept, mass] = [0, 0]
  while (kept < weights.length && mass < topP * total) mass += weights[kept++]!
  let left = next() * mass
  for (let i = 0; i < kept; i++) if ((left -= weights[i]!) < 0) return order[i]!
  return order[Math.max(0, kept - 1)]!
}
